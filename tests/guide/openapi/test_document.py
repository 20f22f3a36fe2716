"""What the document says, and what reads it: docs/guide/openapi.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask import Blueprint, Flask
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from proven.claims.proofs import proves
from snippets.openapi import notes, problems, tokens, two_versions

ROOT = Path(__file__).parents[3]
APPS = {
    "notes": notes.create_app(),
    "problems": problems.app,
    "tokens": tokens.app,
    "two_versions": two_versions.create_app(),
}


def document_of(app: APIFlask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


@proves(
    "guide/openapi",
    "A validator that has nothing to do with APIFlask reads the document: pip install "
    "openapi-spec-validator.",
    "A document that breaks the rules of OpenAPI raises an exception:",
)
@pytest.mark.parametrize("name", list(APPS))
def test_another_program_accepts_the_document_and_refuses_a_broken_one(name: str) -> None:
    document = document_of(APPS[name])
    validate(document)
    del document["info"]["version"]
    with pytest.raises(OpenAPIValidationError):
        validate(document)
    assert not any("apiflask" in needed for needed in requires("openapi-spec-validator") or ())


@proves(
    "guide/openapi",
    "The extension APIFlask (pip install apiflask pydantic) writes it from the classes that also "
    "check the data:",
    "The path comes from the route, the status codes come from input and output, the limits come "
    "from the class, and the summary comes from the docstring.",
    "doc(responses=[409]) adds a status that the view returns by itself.",
    "doc(hide=True) leaves a view out.",
)
def test_where_each_part_comes_from() -> None:
    app = notes.create_app()
    app.add_url_rule(
        "/taken/<key>", "taken", app.doc(responses=[409])(lambda key: ("taken", 409)), methods=["PUT"]
    )  # fmt: skip
    app.add_url_rule("/secret", "secret", app.doc(hide=True)(lambda: "secret"))
    document = document_of(app)
    assert set(document["paths"]) == {"/notes/{number}", "/notes", "/taken/{key}"}
    (number,) = document["paths"]["/notes/{number}"]["get"]["parameters"]
    assert number["schema"] == {"type": "integer"}
    assert set(document["paths"]["/notes"]["post"]["responses"]) == {"201", "422"}
    assert document["paths"]["/notes"]["post"]["summary"] == "Add a note."
    assert "409" in document["paths"]["/taken/{key}"]["put"]["responses"]
    assert app.test_client().put("/taken/tea").status_code == 409
    assert app.test_client().get("/secret").text == "secret"
    stars = document["components"]["schemas"]["NewNote"]["properties"]["stars"]
    allowed = notes.NewNote.model_json_schema()["properties"]["stars"]
    assert stars == allowed
    assert (stars["minimum"], stars["maximum"]) == (0, 5)
    assert "owner" not in document["components"]["schemas"]["Note"]["properties"]


@proves(
    "guide/openapi",
    "A change of the API then shows in the review, and a test or CI finds a document that nobody "
    "has written anew:",
)
def test_the_command_writes_what_the_application_sends(tmp_path: Path) -> None:
    flask = str(Path(sys.executable).with_name("flask"))
    words = ["--app", "snippets.openapi.notes", "spec", "--quiet", "--output", "openapi.json"]
    subprocess.run([flask, *words], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True)
    written = json.loads(tmp_path.joinpath("openapi.json").read_text(encoding="utf-8"))
    sent = document_of(notes.create_app())
    # only a request knows the host
    assert sent.pop("servers") == [{"url": "http://localhost/"}]
    assert written == sent


@proves(
    "guide/openapi",
    "error_processor makes the response for each error, and spec_processor changes the document.",
)
def test_errors_have_the_form_that_the_document_names() -> None:
    client = problems.app.test_client()
    answers = [
        client.get("/notes?size=99"),
        client.get("/notes?size=x"),
        client.get("/nowhere"),
        client.delete("/notes"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 404, 405]
    for answer in answers:
        assert answer.mimetype == problems.PROBLEM
        problems.Problem.model_validate(answer.get_json())
    assert answers[0].get_json()["errors"] == {
        "query": {"size": ["Input should be less than or equal to 20"]}
    }
    assert client.get("/notes?size=2").get_json() == ["tea", "tea"]
    responses = document_of(problems.app)["paths"]["/notes"]["get"]["responses"]
    assert set(responses) == {"200", "422"}
    assert set(responses["422"]["content"]) == {problems.PROBLEM}
    assert set(responses["200"]["content"]) == {"application/json"}


@proves(
    "guide/openapi",
    "auth_required protects the view and describes how to get in:",
    "A decorator of your own protects a view as well, and the document does not know of it.",
)
def test_a_token_is_asked_for_and_described() -> None:
    client = tokens.app.test_client()
    assert client.get("/me").status_code == 401
    assert client.get("/me", headers={"Authorization": "Bearer guessed"}).status_code == 401
    let_in = client.get("/me", headers={"Authorization": "Bearer 4f2a-secret"})
    assert let_in.get_json() == {"user": "ada"}
    app = APIFlask("own")

    def guarded() -> tuple[str, int]:
        return "no token", 401

    app.add_url_rule("/me", "me", guarded)
    document = document_of(app)
    assert app.test_client().get("/me").status_code == 401
    assert "components" not in document
    assert set(document["paths"]["/me"]["get"]["responses"]) == {"200"}


@proves(
    "guide/openapi",
    "Each blueprint becomes a tag, by which readers of the document find their way:",
    "deprecated is a note in the document only: the view responds as before.",
)
def test_versions_in_one_document() -> None:
    app = two_versions.create_app()
    document = document_of(app)
    assert [tag["name"] for tag in document["tags"]] == ["V1", "V2"]
    client = app.test_client()
    answers = [client.get(f"/{version}/note") for version in ("v1", "v2")]
    assert [a.get_json() for a in answers] == [{"title": "tea"}, {"title": "tea", "stars": 5}]
    assert "Deprecation" not in answers[0].headers


@proves(
    "guide/openapi",
    "At /docs, APIFlask shows the document with Swagger UI, where a reader can send requests.",
    "The page loads its scripts from a server of others, cdn.jsdelivr.net.",
    "docs_path=None leaves the page out, and spec_path=None leaves out both.",
    "To have it without the other server, put the files of the npm package swagger-ui-dist into your "
    "static folder and set SWAGGER_UI_CSS, SWAGGER_UI_BUNDLE_JS and "
    "SWAGGER_UI_STANDALONE_PRESET_JS to their addresses.",
    "To show it only to some users, list a decorator in DOCS_DECORATORS and in SPEC_DECORATORS.",
)
def test_the_page_for_people() -> None:
    note = APPS["notes"].test_client().get("/notes/1")
    assert (note.status_code, (note.json or {})["id"]) == (200, 1)

    def loaded(app: APIFlask) -> set[str]:
        page = app.test_client().get("/docs").text
        return set(re.findall(r'(?:src|rel="stylesheet"[^>]* href)="(https?://[^/"]+|/)', page))

    assert "SwaggerUIBundle" in APPS["notes"].test_client().get("/docs").text
    assert loaded(APPS["notes"]) == {"https://cdn.jsdelivr.net"}
    own = APIFlask("own")
    for key in ("SWAGGER_UI_CSS", "SWAGGER_UI_BUNDLE_JS", "SWAGGER_UI_STANDALONE_PRESET_JS"):
        own.config[key] = "/static/file"
    assert loaded(own) == {"/"}
    assert APPS["two_versions"].test_client().get("/docs").status_code == 200
    without = two_versions.create_app(with_docs=False).test_client()
    assert [without.get(path).status_code for path in ("/docs", "/openapi.json")] == [404, 200]
    neither = APIFlask("neither", docs_path=None, spec_path=None).test_client()
    assert [neither.get(path).status_code for path in ("/docs", "/openapi.json")] == [404, 404]
    guarded = APIFlask("guarded")
    for key in ("DOCS_DECORATORS", "SPEC_DECORATORS"):
        guarded.config[key] = [lambda view: lambda: ("only editors", 403)]
    answers = [guarded.test_client().get(path) for path in ("/docs", "/openapi.json")]
    assert [(a.status_code, a.text) for a in answers] == [(403, "only editors")] * 2


@proves(
    "guide/openapi",
    "It belongs to a flask.Blueprint.",
    "Make the blueprint with APIBlueprint.",
)
def test_a_blueprint_of_flask_is_not_described() -> None:
    app = APIFlask("mixed")
    plain = Blueprint("plain", __name__)
    plain.add_url_rule("/plain", "plain", lambda: {"works": True})
    app.register_blueprint(plain)
    app.register_blueprint(two_versions.first)
    assert app.test_client().get("/plain").get_json() == {"works": True}
    assert set(document_of(app)["paths"]) == {"/v1/note"}
    assert issubclass(APIFlask, Flask)
