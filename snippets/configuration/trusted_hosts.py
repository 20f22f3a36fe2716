"""Accept only requests that name one of the listed hosts."""

from flask import Flask, url_for

app = Flask(__name__)
# a leading dot: the domain and all its subdomains
app.config["TRUSTED_HOSTS"] = ["127.0.0.1", ".example.com"]


@app.get("/reset-link")
def reset_link() -> str:
    return url_for("reset_link", _external=True)
