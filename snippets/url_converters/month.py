"""A converter for both directions: from the URL to a value, from a value to the URL."""

from datetime import date

from flask import Flask, url_for
from werkzeug.routing import BaseConverter, ValidationError


class MonthConverter(BaseConverter):
    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError as error:
            # For month 13 there is no such URL.
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        return value.isoformat()[:7]


app = Flask(__name__)
app.url_map.converters["month"] = MonthConverter


@app.get("/reports/<month:month>")
def report(month: date) -> dict[str, str]:
    return {
        "month": f"{month:%B %Y}",
        "year before": url_for("report", month=month.replace(year=month.year - 1)),
    }
