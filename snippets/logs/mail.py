"""Send a mail with the traceback when a view fails."""

import logging
from logging.handlers import SMTPHandler

from flask import Flask, has_request_context, request


class WithUrl(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        where = f"{request.method} {request.url}" if has_request_context() else "no request"
        return f"{where}\n\n{super().format(record)}"


def create_app(host: str = "localhost", port: int = 25) -> Flask:
    app = Flask(__name__)
    handler = SMTPHandler((host, port), "shop@example.com", ["ops@example.com"], "Shop failed")
    handler.setLevel(logging.ERROR)
    handler.setFormatter(WithUrl())
    app.logger.addHandler(handler)

    @app.get("/share/<int:people>")
    def share(people: int) -> str:
        return str(12 // people)

    return app
