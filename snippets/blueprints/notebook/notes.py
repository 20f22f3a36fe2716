"""The notes, in a module that never imports the application."""

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from .extensions import storage

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.get("/")
def index() -> list[str]:
    return storage.notes[-current_app.config["PAGE_SIZE"] :]


@bp.post("/")
def add() -> Response:
    storage.notes.append(request.form["text"])
    return redirect(url_for(".index"), 303)
