"""Read the configuration in the view, from the application that serves it."""

from flask import Blueprint, Flask, current_app

shop = Blueprint("shop", __name__)


@shop.get("/")
def index() -> dict[str, int]:
    return {"page_size": current_app.config["PAGE_SIZE"]}


def create_app(page_size: int = 20) -> Flask:
    app = Flask(__name__)
    app.config["PAGE_SIZE"] = page_size
    app.register_blueprint(shop)
    return app
