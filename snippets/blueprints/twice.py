"""One blueprint serves two shops, each with a name, a prefix and a currency of its own."""

from flask import Blueprint, Flask, request, url_for

prices = Blueprint("prices", __name__)


@prices.get("/<item>")
def show(item: str, currency: str) -> dict[str, str | None]:
    return {
        "currency": currency,
        "blueprint": request.blueprint,
        "this": url_for(".show", item=item),
        "other": url_for("china.show", item=item),
    }


app = Flask(__name__)
app.register_blueprint(prices, name="europe", url_prefix="/eu", url_defaults={"currency": "EUR"})
app.register_blueprint(prices, name="china", url_prefix="/cn", url_defaults={"currency": "CNY"})
