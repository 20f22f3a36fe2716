"""The smallest extension: a header for each response, with a setting of each application."""

from flask import Flask, Response, current_app


class Stamp:
    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        app.config.setdefault("STAMP_TEXT", "Flask")
        app.extensions["stamp"] = app.config["STAMP_TEXT"]
        app.after_request(add_header)


def add_header(response: Response) -> Response:
    response.headers["X-Stamp"] = current_app.extensions["stamp"]
    return response


stamp = Stamp()


def create_app(text: str = "tea shop") -> Flask:
    app = Flask(__name__)
    app.config["STAMP_TEXT"] = text
    stamp.init_app(app)
    app.add_url_rule("/", "index", lambda: "Hello")
    return app
