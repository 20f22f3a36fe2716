"""Old lines of the page on converters; each function returns what came of it."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


def get(app, path="/", **options):
    """Return status and body of an answer; what a view raises is raised."""
    app.testing = True
    response = app.test_client().open(path, **options)
    text = response.get_data(as_text=True)
    return "%s %s" % (response.status_code, "" if "<title>" in text else text)


class Pattern(BaseConverter):
    def __init__(self, url_map, *items):
        super().__init__(map=url_map)
        self.regex = items[0]


class Even(BaseConverter):
    regex = r"\d+"

    def to_python(self, value):
        if int(value) % 2:
            raise ValidationError()
        return int(value)


def shop(name="shop"):
    app = Flask(name)
    app.url_map.converters.update({"re": Pattern, "even": Even})
    return app


def mobile():
    app = shop()
    app.add_url_rule(r'/send/<re("\d{11}"):mobile>', "send", lambda mobile: mobile)
    return get(app, "/send/13800138000")


def slash():
    app = shop()
    app.add_url_rule(r'/on/<re("\d+/\d+"):day>', "on", lambda day: day)
    return get(app, "/on/12/24")


def next_rule():
    app = shop()
    app.add_url_rule("/<even:number>", "even", lambda number: "even")
    app.add_url_rule("/<path:rest>", "any", lambda rest: "any")
    return get(app, "/7")


def broken():
    app = shop()
    app.add_url_rule('/<re("("):x>', "broken", lambda x: x)
    return "no error"
