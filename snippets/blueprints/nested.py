"""The same comments are nested in a shop and in a blog."""

from typing import Any

from flask import Blueprint, Flask, request, url_for

comments = Blueprint("comments", __name__, url_prefix="/comments")
shop = Blueprint("shop", __name__, url_prefix="/shop")
blog = Blueprint("blog", __name__, url_prefix="/blog")


@comments.get("/")
def index() -> dict[str, Any]:
    return {"blueprints": request.blueprints, "link": url_for(".index")}


@shop.get("/")
def front_page() -> str:
    return url_for(".comments.index")


shop.register_blueprint(comments)
blog.register_blueprint(comments)

app = Flask(__name__)
app.register_blueprint(shop)
app.register_blueprint(blog)
