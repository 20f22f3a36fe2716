"""Old lines of the page on logging; each function returns what came of it."""

import logging

from flask import Flask


def debug_handlers():
    app = Flask("shop")
    app.debug = True
    app.logger.addHandler(logging.FileHandler("shop.log"))
    return [type(handler).__name__ for handler in app.logger.handlers]


def logger_name():
    app = Flask("shop")
    app.config["LOGGER_NAME"] = "tea"
    return app.logger.name


def handler_policy():
    return Flask("shop").config["LOGGER_HANDLER_POLICY"]
