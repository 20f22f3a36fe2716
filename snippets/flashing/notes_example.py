"""Flash and read messages as old posts do, with the secret key that they leave out."""

from flask import Flask, flash, get_flashed_messages, request

app = Flask(__name__)
app.secret_key = "dev"


@app.route("/index")
def index() -> str:
    val = request.args.get("v")
    if val == "ZJL":
        return "Hello world"
    flash("超时错误", category="x1")
    return "Hello"


@app.route("/error")
def error() -> str:
    data = get_flashed_messages(category_filter=["x1"])
    msg = data[0] if data else "..."
    return f"错误信息：{msg}"
