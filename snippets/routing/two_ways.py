"""One route added with the decorator, one with add_url_rule."""

from flask import Flask

app = Flask(__name__)


@app.route("/login", methods=["GET", "POST"])
def login() -> str:
    return "Log in"


def logout() -> str:
    return "Log out"


app.add_url_rule("/logout", view_func=logout, methods=["GET", "POST"])
