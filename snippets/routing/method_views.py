"""A class with one method for each HTTP method."""

from collections.abc import Callable
from functools import wraps
from typing import ClassVar

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView


def members_only(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def guarded(**values: int) -> ResponseReturnValue:
        if request.authorization is None:
            abort(401)
        return view(**values)

    return guarded


class NoteView(MethodView):
    # one instance for all requests: keep nothing on self
    init_every_request = False

    def get(self, number: int) -> dict[str, int]:
        return {"number": number}


class EditableNoteView(NoteView):
    decorators: ClassVar = [members_only]

    def put(self, number: int) -> dict[str, int | str]:
        return {"number": number, "text": request.form["text"]}

    def delete(self, number: int) -> tuple[str, int]:
        return "", 204


app = Flask(__name__)
app.add_url_rule("/notes/<int:number>", view_func=NoteView.as_view("note"))
app.add_url_rule("/mine/<int:number>", view_func=EditableNoteView.as_view("my-note"))
