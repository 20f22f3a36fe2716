"""Write each record as a line of JSON, with the id of its request."""

import json
import logging
import re
import sys
import uuid
from logging.config import dictConfig
from typing import TextIO

from flask import Flask, g, has_request_context, request


class RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = g.get("request_id") if has_request_context() else None
        return True


class JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", None),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def create_app(stream: TextIO = sys.stderr) -> Flask:
    handler = {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request id"]}
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request id": {"()": RequestId}},
            "formatters": {"json": {"()": JsonLine}},
            "handlers": {"stream": {**handler, "stream": stream}},
            "root": {"level": "INFO", "handlers": ["stream"]},
        }
    )
    app = Flask(__name__)

    @app.before_request
    def name_the_request() -> None:
        sent = request.headers.get("X-Request-ID", "")
        g.request_id = sent if re.fullmatch(r"[\w-]{1,64}", sent, re.ASCII) else uuid.uuid4().hex

    @app.get("/tea/<name>")
    def tea(name: str) -> str:
        app.logger.info("tea for %s", name)
        return name

    return app
