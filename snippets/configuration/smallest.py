"""Set a key on `app.config`, read it in a view."""

from flask import Flask

app = Flask(__name__)
app.config["GREETING"] = "你好"


@app.get("/")
def index() -> str:
    return f"{app.config['GREETING']}, Flask"
