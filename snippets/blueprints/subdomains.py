"""A blueprint on a subdomain, one nested in it, and one for the subdomain of each customer."""

from flask import Blueprint, Flask, url_for

admin = Blueprint("admin", __name__, subdomain="admin")
api = Blueprint("api", __name__, subdomain="api", url_prefix="/v1")
customers = Blueprint("customers", __name__, subdomain="<customer>")


@admin.get("/")
def index() -> str:
    return url_for("customers.index", customer="ada")


@api.get("/notes")
def notes() -> list[str]:
    return ["milk"]


@customers.get("/", endpoint="index")
def index_of_customer(customer: str) -> str:
    return f"Pages of {customer}"


admin.register_blueprint(api)


def create_app() -> Flask:
    app = Flask(__name__, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com:5000"
    app.register_blueprint(admin)
    app.register_blueprint(customers)
    return app
