"""Black out secrets in every record of a handler, whoever wrote it."""

import logging
import re
import sys
from typing import TextIO

from flask import Flask, request

SECRET = re.compile(r"(?i)\b(password|token|secret|authorization)([=:]\s*)(?:Bearer\s+)?[^\s&,;]+")


class NoSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(r"\1\2***", record.getMessage()), None
        return True


def create_app(stream: TextIO = sys.stderr) -> Flask:
    handler = logging.StreamHandler(stream)
    handler.addFilter(NoSecrets())
    app = Flask(__name__)
    app.logger.handlers = [handler]

    @app.get("/reset")
    def reset() -> str:
        app.logger.warning("reset with %s", request.query_string.decode())
        return ""

    return app
