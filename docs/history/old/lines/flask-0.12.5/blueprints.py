"""Old lines of the page on blueprints; each function returns what came of it."""

from flask import Blueprint, Flask


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


def nested():
    shop, cart = Blueprint("shop", __name__), Blueprint("cart", __name__)
    shop.register_blueprint(cart, url_prefix="/cart")
    return "nested"


def dot():
    return Blueprint("shop.cart", __name__).name


def twice():
    app, cart = Flask("shop"), Blueprint("cart", __name__)
    cart.add_url_rule("/", "index", lambda: "cart")
    app.register_blueprint(cart, url_prefix="/a")
    app.register_blueprint(cart, url_prefix="/b")
    return get(app, "/b/")


def commands():
    return Blueprint("shop", __name__).cli.name


def before_app_first_request():
    return callable(Blueprint("shop", __name__).before_app_first_request)
