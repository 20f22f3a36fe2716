"""Read the secret key from a file or from the environment, and do not start without it."""

import os
from pathlib import Path

from flask import Flask


def secret_key() -> str:
    if file := os.environ.get("SHOP_SECRET_KEY_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    if key := os.environ.get("SHOP_SECRET_KEY"):
        return key
    raise RuntimeError("set SHOP_SECRET_KEY_FILE or SHOP_SECRET_KEY")


def create_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = secret_key()
    return app
