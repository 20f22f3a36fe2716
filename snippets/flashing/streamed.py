"""Stream a page that shows its messages again and again, and one that shows them once."""

from collections.abc import Iterator

from flask import Flask, flash, get_flashed_messages, stream_template_string

app = Flask(__name__)
app.secret_key = "dev"


@app.post("/notes")
def add() -> tuple[str, int]:
    flash("Saved.")
    return "", 204


@app.get("/again")
def again() -> Iterator[str]:
    return stream_template_string("<p>{{ get_flashed_messages() | join }}</p>")


@app.get("/once")
def once() -> Iterator[str]:
    # Called before the response starts, so Flask can still save the session.
    found = get_flashed_messages()
    return stream_template_string("<p>{{ found | join }}</p>", found=found)
