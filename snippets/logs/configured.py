"""Configure logging with a dictionary, before the application is created."""

from logging.config import dictConfig
from typing import Any

from flask import Flask

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {"werkzeug": {"level": "WARNING"}},
}


def create_app() -> Flask:
    dictConfig(LOGGING)
    app = Flask(__name__)

    @app.get("/tea")
    def tea() -> str:
        app.logger.info("tea is served")
        return "tea"

    return app
