"""Three blueprints have the same folder of static files, at three addresses."""

from flask import Blueprint, Flask, url_for

# relative to the folder of this module
FOLDER = "shop/static"

shop = Blueprint("shop", __name__, static_folder=FOLDER, url_prefix="/shop")
named = Blueprint("named", __name__, static_folder=FOLDER, static_url_path="/shop-files")
hidden = Blueprint("hidden", __name__, static_folder=FOLDER)


@shop.get("/")
def index() -> list[str]:
    endpoints = ("static", ".static", "named.static", "hidden.static")
    return [url_for(endpoint, filename="shop.css") for endpoint in endpoints]


app = Flask(__name__)
app.register_blueprint(shop)
app.register_blueprint(named)
app.register_blueprint(hidden)
