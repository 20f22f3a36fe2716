"""Two common mistakes in a converter."""

from datetime import date

from flask import Flask, url_for
from werkzeug.routing import BaseConverter


class DayConverter(BaseConverter):
    def to_python(self, value: str) -> date:
        # wrong: raises ValueError instead of ValidationError
        return date.fromisoformat(value)


class RawConverter(BaseConverter):
    def to_url(self, value: str) -> str:
        # wrong: the text is not percent-encoded
        return value


app = Flask(__name__)
app.url_map.converters.update(day=DayConverter, raw=RawConverter)


@app.get("/log/<day:day>")
def log(day: date) -> str:
    return day.isoformat()


@app.get("/tags/<raw:tag>")
def tagged(tag: str) -> dict[str, str]:
    return {"tag": tag}


@app.get("/cloud")
def cloud() -> dict[str, str]:
    return {"link": url_for("tagged", tag="C#")}
