"""Notes as JSON: the classes check what comes in and what goes out, and describe both."""

from apiflask import APIFlask, abort
from flask import url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field


class NewNote(BaseModel, extra="forbid"):
    title: str = Field(min_length=1, max_length=80)
    stars: int = Field(default=0, ge=0, le=5)


class Note(BaseModel):
    id: int
    title: str
    stars: int


def create_app() -> APIFlask:
    app = APIFlask(__name__, title="Notes", version="1.0")
    notes = {1: {"id": 1, "title": "tea", "stars": 5, "owner": "ada"}}

    @app.get("/notes/<int:number>")
    @app.output(Note)
    def note(number: int) -> ResponseReturnValue:
        """Return one note."""
        if number not in notes:
            abort(404, "There is no such note.")
        return notes[number]

    @app.post("/notes")
    @app.input(NewNote)
    @app.output(Note, status_code=201)
    def add(json_data: NewNote) -> ResponseReturnValue:
        """Add a note."""
        number = max(notes) + 1
        notes[number] = {"id": number, "owner": "ada", **json_data.model_dump()}
        return notes[number], 201, {"Location": url_for("note", number=number)}

    return app
