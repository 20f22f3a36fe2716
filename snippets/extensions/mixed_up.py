"""What goes wrong: the extension keeps a setting on itself, and the last application wins."""

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware


class Stamp:
    def init_app(self, app: Flask) -> None:
        # wrong: the next application overwrites it
        self.text = app.config["STAMP_TEXT"]
        app.after_request(self.add_header)

    def add_header(self, response: Response) -> Response:
        response.headers["X-Stamp"] = self.text
        return response


stamp = Stamp()


def create_shop(text: str) -> Flask:
    app = Flask(__name__)
    app.config["STAMP_TEXT"] = text
    stamp.init_app(app)
    app.add_url_rule("/", "index", lambda: "Hello")
    return app


def create_app() -> Flask:
    app = create_shop("tea shop")
    other = create_shop("book shop")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/books": other})  # type: ignore[method-assign]
    return app
