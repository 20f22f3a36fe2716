"""Receivers for all ten signals of Flask, each of which records the arguments that it gets."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, flash, render_template, signals
from jinja2 import Template

ALL_TEN = (
    signals.appcontext_pushed,
    signals.request_started,
    signals.message_flashed,
    signals.before_render_template,
    signals.template_rendered,
    signals.got_request_exception,
    signals.request_finished,
    signals.request_tearing_down,
    signals.appcontext_tearing_down,
    signals.appcontext_popped,
)


def brief(value: object) -> str:
    match value:
        case BaseException():
            return type(value).__name__
        case Response():
            return f"Response {value.status_code}"
        case Template():
            return str(value.name)
    return "{…}" if isinstance(value, dict) else repr(value)


def watch(app: Flask, note: Callable[..., None]) -> None:
    for signal in ALL_TEN:
        name = signal.name.replace("-", "_")

        def receive(sender: Flask, name: str = name, **arguments: Any) -> None:
            note(name, **{key: brief(value) for key, value in arguments.items()})

        # only the signal refers to this function, so the reference must not be weak
        signal.connect(receive, app, weak=False)


app = Flask(__name__)
app.secret_key = "for this example only"
notes: list[dict[str, str]] = []
watch(app, lambda name, **arguments: notes.append({"signal": name, **arguments}))


@app.get("/cart/<int:count>")
def cart(count: int) -> str:
    flash("猫")
    return render_template("cart.html", count=12 // count)


@app.get("/notes")
def show_notes() -> list[dict[str, str]]:
    return notes
