"""A generator that runs after the contexts have ended, and one that keeps them."""

from collections.abc import Iterator

from flask import Flask, request, stream_with_context

app = Flask(__name__)


def lines() -> Iterator[str]:
    yield f"You asked for {request.path}\n"
    yield "and that is all"


@app.get("/lost")
def lost() -> Iterator[str]:
    return lines()


@app.get("/kept")
def kept() -> Iterator[str]:
    return stream_with_context(lines())
