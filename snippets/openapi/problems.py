"""Give errors the form of RFC 9457, and say so in the document."""

from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, make_response
from pydantic import BaseModel, Field

PROBLEM = "application/problem+json"


class Problem(BaseModel):
    type: str = "about:blank"
    status: int
    title: str
    errors: dict[str, dict[str, list[str]]] = {}


class Size(BaseModel):
    size: int = Field(default=5, ge=1, le=20)


app = APIFlask(__name__)
app.config["HTTP_ERROR_SCHEMA"] = Problem.model_json_schema()
app.config["VALIDATION_ERROR_SCHEMA"] = Problem.model_json_schema()


@app.error_processor
def as_problem(error: HTTPError) -> Response:
    problem = Problem(status=error.status_code, title=error.message or "", errors=error.detail)
    response = make_response(problem.model_dump(), error.status_code, error.headers)
    response.mimetype = PROBLEM
    return response


@app.spec_processor
def name_the_type(document: Any) -> Any:
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = {PROBLEM: response["content"].pop("application/json")}
    return document


@app.get("/notes")
@app.input(Size, location="query")
def notes(query_data: Size) -> list[str]:
    return ["tea"] * query_data.size
