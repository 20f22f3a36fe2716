"""A shop and a blog bring templates, some of them with the same name."""

from flask import Blueprint, Flask, render_template

shop = Blueprint("shop", __name__, url_prefix="/shop", template_folder="shop/templates")
blog = Blueprint("blog", __name__, url_prefix="/blog", template_folder="blog/templates")


@shop.get("/")
def shop_front() -> str:
    return render_template("front.html")


@blog.get("/")
def blog_front() -> str:
    return render_template("front.html")


@blog.get("/entry")
def blog_entry() -> str:
    return render_template("blog/entry.html")


@shop.get("/item")
def shop_item() -> str:
    return render_template("shop/item.html")


app = Flask(__name__)
app.register_blueprint(shop)
app.register_blueprint(blog)
