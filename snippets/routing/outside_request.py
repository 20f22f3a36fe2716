"""Build links for an e-mail outside a request."""

from flask import Flask, url_for

app = Flask(__name__)
app.config.update(
    SERVER_NAME="example.com",
    APPLICATION_ROOT="/shop",
    PREFERRED_URL_SCHEME="https",
)


@app.get("/orders/<int:number>")
def order(number: int) -> str:
    return f"Order {number}"


def mail_text(number: int) -> str:
    with app.app_context():
        return f"Your order: {url_for('order', number=number)}"
