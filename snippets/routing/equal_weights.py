"""With equal weights, the variable that was registered first wins, not the rule."""

from flask import Flask

app = Flask(__name__)


@app.get("/<user>/photos")
def photos(user: str) -> dict[str, str]:
    return {"rule": "/<user>/photos", "user": user}


@app.get("/<any(help, terms):page>")
def page(page: str) -> dict[str, str]:
    return {"rule": "/<any(help, terms):page>", "page": page}


@app.get("/<user>")
def profile(user: str) -> dict[str, str]:
    return {"rule": "/<user>", "user": user}
