"""Hooks of an application, of a blueprint and of a nested blueprint record when they run."""

from flask import Blueprint, Flask, Response, request

app = Flask(__name__)
shop = Blueprint("shop", __name__, url_prefix="/shop")
cart = Blueprint("cart", __name__, url_prefix="/cart")
steps: list[str] = []


def note(step: str) -> None:
    if request.endpoint != "read_steps":
        steps.append(step)


def attach(owner: Flask | Blueprint, name: str) -> None:
    @owner.before_request
    def before() -> str | None:
        note(f"before {name}")
        return f"Stopped by {name}" if request.args.get("stop") == name else None

    @owner.after_request
    def after(response: Response) -> Response:
        note(f"after {name}")
        return response

    @owner.teardown_request
    def teardown(error: BaseException | None) -> None:
        note(f"teardown {name}")


for owner, name in ((app, "app"), (shop, "shop"), (cart, "cart")):
    attach(owner, f"{name}-1")
    attach(owner, f"{name}-2")


@cart.get("/")
def show_cart() -> str:
    note("view")
    return "Your cart"


@app.get("/steps")
def read_steps() -> tuple[str, dict[str, str]]:
    text = "\n".join(steps)
    steps.clear()
    return text, {"Content-Type": "text/plain; charset=utf-8"}


shop.register_blueprint(cart)
app.register_blueprint(shop)
