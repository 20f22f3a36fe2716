"""Two versions of an API beside each other, each below a prefix of its own."""

from datetime import UTC, datetime

from flask import Blueprint, Flask, Response
from werkzeug.http import http_date

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

first = Blueprint("v1", __name__, url_prefix="/v1")
second = Blueprint("v2", __name__, url_prefix="/v2")


@first.get("/note")
def note_with_one_tag() -> dict[str, str]:
    return {"title": "tea", "tag": "green"}


@first.after_request
def say_that_it_ends(response: Response) -> Response:
    response.headers["Deprecation"] = f"@{SINCE.timestamp():.0f}"
    response.headers["Sunset"] = http_date(UNTIL)
    return response


@second.get("/note")
def note() -> dict[str, object]:
    return {"title": "tea", "tags": ["green", "hot"]}


app = Flask(__name__)
app.register_blueprint(first)
app.register_blueprint(second)
