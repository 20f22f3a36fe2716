"""Describe two versions of an API in one document, the first one as deprecated."""

from apiflask import APIBlueprint, APIFlask

first = APIBlueprint("v1", __name__, url_prefix="/v1")
second = APIBlueprint("v2", __name__, url_prefix="/v2")


@first.get("/note")
@first.doc(deprecated=True)
def note_as_text() -> dict[str, str]:
    return {"title": "tea"}


@second.get("/note")
def note() -> dict[str, object]:
    return {"title": "tea", "stars": 5}


def create_app(with_docs: bool = True) -> APIFlask:
    app = APIFlask(__name__, docs_path="/docs" if with_docs else None)
    app.register_blueprint(first)
    app.register_blueprint(second)
    return app
