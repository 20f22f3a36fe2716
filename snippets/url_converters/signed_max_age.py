"""A signed link that expires an hour after it was built."""

from flask import Flask, url_for

from snippets.converters import SignedConverter

app = Flask(__name__)
app.config["SECRET_KEY"] = "an example, not a secret"
app.url_map.converters["signed"] = SignedConverter


@app.get('/reset/<signed("reset", max_age=3600):number>')
def reset(number: int) -> str:
    return f"new password for user {number}"


@app.get("/mail")
def mail() -> str:
    return url_for("reset", number=42)
