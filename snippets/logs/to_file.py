"""Log into a file that begins anew at a megabyte, and keep five old ones."""

from logging.config import dictConfig

from flask import Flask


def create_app(file: str = "shop.log", size: int = 1_000_000) -> Flask:
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
            "handlers": {
                "file": {
                    "class": "logging.handlers.RotatingFileHandler",
                    "filename": file,
                    "maxBytes": size,
                    "backupCount": 5,
                    "encoding": "utf-8",
                    "formatter": "line",
                }
            },
            "root": {"level": "INFO", "handlers": ["file"]},
        }
    )
    app = Flask(__name__)

    @app.get("/tea/<name>")
    def tea(name: str) -> str:
        app.logger.info("tea for %s", name)
        return name

    return app
