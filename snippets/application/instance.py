"""Prepare the instance folder, and generate the secret key."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Flask
from sqlalchemy import make_url


def init_app(app: Flask) -> None:
    folder = Path(app.instance_path)
    if not app.secret_key or has_files(app):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # nothing in it belongs in a repository
        folder.joinpath(".gitignore").write_text("*\n")
    if not app.secret_key:
        app.secret_key = read_or_make(folder / "secret.key")


def has_files(app: Flask) -> bool:
    database = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    in_a_file = database.get_backend_name() == "sqlite" and database.database
    return bool(in_a_file or not (app.config["REDIS_URL"] or app.config["SESSION_INTERFACE"]))


def read_or_make(file: Path) -> str:
    if not file.exists():
        # a temporary file is readable by its owner only
        with NamedTemporaryFile("w", dir=file.parent) as draft:
            draft.write(secrets.token_hex())
            draft.flush()
            # when two processes start at once, the first link wins and both read the same key
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()
