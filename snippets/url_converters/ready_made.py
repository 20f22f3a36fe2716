"""Lists, dates and short numbers in URLs, with the converters of this site."""

from datetime import date

from flask import Flask, url_for

from snippets.converters import CONVERTERS

app = Flask(__name__)
app.url_map.converters.update(CONVERTERS)


@app.get("/compare/<list(int):ids>")
def compare(ids: list[int]) -> dict[str, object]:
    return {"ids": ids, "link": url_for("compare", ids=sorted(ids))}


@app.get("/tagged/<list:tags>")
def tagged(tags: list[str]) -> dict[str, object]:
    return {"tags": tags, "link": url_for("tagged", tags=[*tags, "a,b", "1/2"])}


@app.get("/log/<date:day>")
def log(day: date) -> dict[str, object]:
    return {"weekday": f"{day:%A}", "link": url_for("log", day=day.replace(year=33))}


@app.get("/s/<base(62):number>")
def short(number: int) -> dict[str, object]:
    return {"number": number, "link": url_for("short", number=number * 2)}
