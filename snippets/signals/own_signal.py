"""A shop defines and sends a signal, without knowing who receives it."""

from typing import Any

from blinker import Namespace
from flask import Blueprint, Flask
from flask.globals import app_ctx

shop_signals = Namespace()
order_placed = shop_signals.signal("order-placed")
shop = Blueprint("shop", __name__)
outbox: list[str] = []


@shop.post("/orders/<item>")
def order(item: str) -> tuple[str, int]:
    # the sender is the application itself, not the proxy current_app
    receipts = order_placed.send(app_ctx.app, item=item)
    return f"Ordered; {len(receipts)} took note", 201


def mail(sender: Flask, item: str, **extra: Any) -> None:
    outbox.append(f"To the warehouse of {sender.config['SHOP']}: {item}")


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SHOP"] = "Canton"
    app.register_blueprint(shop)
    order_placed.connect(mail, app)
    app.add_url_rule("/outbox", view_func=lambda: outbox)
    return app
