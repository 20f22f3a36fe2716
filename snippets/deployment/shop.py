"""An application as a server loads it: a factory, and addresses that say whether it works."""

from flask import Flask, current_app


def front_page() -> str:
    return "Tea and cups"


def healthz() -> str:
    return "alive"


def readyz() -> tuple[str, int]:
    # each check is a function that raises an exception if something is missing
    for check in current_app.config["CHECKS"]:
        try:
            check()
        except Exception:
            current_app.logger.exception("not ready")
            return "not ready", 503
    return "ready", 200


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["CHECKS"] = []
    app.config.from_prefixed_env("SHOP")
    app.add_url_rule("/", "front_page", front_page)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    return app
