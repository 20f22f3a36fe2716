"""Notes as JSON: validated on the way in, with one form for all errors."""

from flask import Flask, Response, jsonify, request, url_for
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException, NotFound


class NewNote(BaseModel, extra="forbid"):
    title: str = Field(min_length=1, max_length=80)
    stars: int = Field(default=0, ge=0, le=5)


def problem(status: int, title: str, **more: object) -> Response:
    """Answer as RFC 9457 asks."""
    response = jsonify(type="about:blank", status=status, title=title, **more)
    response.status_code, response.mimetype = status, "application/problem+json"
    return response


def of_http(error: HTTPException) -> Response:
    made = problem(error.code or 500, error.name, detail=error.description)
    if allowed := error.get_response().headers.get("Allow"):
        made.headers["Allow"] = allowed
    return made


def of_validation(error: ValidationError) -> Response:
    wrong = [{"at": list(each["loc"]), "message": each["msg"]} for each in error.errors()]
    return problem(422, "Invalid data", errors=wrong)


def create_app() -> Flask:
    app = Flask(__name__)
    notes: dict[int, dict[str, object]] = {1: {"id": 1, "title": "tea", "stars": 5}}
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(ValidationError, of_validation)

    @app.get("/notes/<int:number>")
    def note(number: int) -> dict[str, object]:
        if number not in notes:
            raise NotFound("There is no such note.")
        return notes[number]

    @app.post("/notes")
    def add() -> tuple[dict[str, object], int, dict[str, str]]:
        new = NewNote.model_validate(request.get_json())
        number = max(notes) + 1
        notes[number] = {"id": number, **new.model_dump()}
        return notes[number], 201, {"Location": url_for("note", number=number)}

    return app
