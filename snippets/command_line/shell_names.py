"""Names that are there when flask shell starts."""

from typing import Any

from flask import Flask

app = Flask(__name__)
BOOKS = {"三体": 2}


@app.shell_context_processor
def names() -> dict[str, Any]:
    return {"books": BOOKS, "client": app.test_client()}
