"""One name from four places: the one nearest to the template wins."""

from flask import Blueprint, Flask, render_template_string
from jinja2 import DictLoader

app = Flask(__name__)
shop = Blueprint("shop", __name__)
MACRO = "{% macro where() %}{{ place|shout }}{% endmacro %}"
app.jinja_loader = DictLoader({"macros.html": MACRO})
app.jinja_env.globals["place"] = "global"


@app.context_processor
def of_application() -> dict[str, str]:
    return {"place": "application"}


@shop.context_processor
def of_blueprint() -> dict[str, str]:
    return {"place": "blueprint"}


@shop.app_template_filter()
def shout(text: str) -> str:
    return f"{text.upper()}!"


@app.get("/")
def front_page() -> str:
    return render_template_string("{{ place|shout }}")


@shop.get("/shop")
def shop_page() -> str:
    return render_template_string("{{ place|shout }}")


@shop.get("/argument")
def with_argument() -> str:
    return render_template_string("{{ place|shout }}", place="argument")


@shop.get("/macro")
def with_macro() -> str:
    return render_template_string('{% from "macros.html" import where %}{{ where() }}')


app.register_blueprint(shop)
