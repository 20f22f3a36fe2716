"""A variable that matches only the members of an enum."""

from enum import Enum

from flask import Flask, url_for

from snippets.converters import enum_converter


class State(Enum):
    OPEN = "open"
    IN_REVIEW = "in-review"
    CLOSED = "closed"


app = Flask(__name__)
app.url_map.converters["state"] = enum_converter(State)


@app.get("/issues/<state:state>")
def issues(state: State) -> dict[str, object]:
    return {
        "state": state.name,
        "links": [url_for("issues", state=other) for other in State],
    }
