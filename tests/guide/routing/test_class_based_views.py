"""Class-based views."""

import pytest
from flask.views import MethodView, View

from proven.claims.proofs import proves
from snippets.routing import (
    method_views,
    view_classes,
)
from tests.guide.routing.helpers import new_app, send


@proves(
    "guide/routing",
    "flask.views.View.as_view() creates a view function from the class.",
    "Its first argument is the endpoint; it passes the others to __init__.",
)
def test_as_view_makes_view_functions_with_their_own_arguments() -> None:
    assert send(view_classes.app, "/books").text == "Books, requested with GET"
    assert send(view_classes.app, "/films", "POST").text == "Films, requested with POST"
    assert send(view_classes.app, "/books", "PUT").status_code == 405
    assert {"books", "films"} < view_classes.app.view_functions.keys()


@proves(
    "guide/routing",
    "Flask creates a new instance for each request, so you can store data of the request on self.",
    "With init_every_request = False all requests share one instance (…).",
)
@pytest.mark.parametrize(("every_request", "instances"), [(True, 2), (False, 1)])
def test_init_every_request_decides_how_many_instances_there_are(
    every_request: bool, instances: int
) -> None:
    made: list[View] = []

    class Counted(View):
        init_every_request = every_request

        def __init__(self) -> None:
            made.append(self)

        def dispatch_request(self) -> str:
            return ""

    app = new_app()
    app.add_url_rule("/", view_func=Counted.as_view("counted"))
    send(app, "/")
    send(app, "/")
    assert len(made) == instances
    assert View.init_every_request is True


@proves(
    "guide/routing",
    "flask.views.MethodView calls the method of the class that has the name of the HTTP method.",
    "If there is none, the response is 405.",
)
def test_a_method_view_calls_the_method_named_like_the_http_method() -> None:
    app = method_views.app
    login = {"auth": ("ada", "secret")}
    assert send(app, "/notes/1").json == {"number": 1}
    assert send(app, "/notes/1", "DELETE").status_code == 405
    assert send(app, "/mine/1", **login).json == {"number": 1}
    assert send(app, "/mine/1", "DELETE", **login).status_code == 204
    changed = send(app, "/mine/1", "PUT", data={"text": "早"}, **login)
    assert changed.json == {"number": 1, "text": "早"}


@proves(
    "guide/routing", "Flask derives methods from the methods of the class and its base classes."
)
def test_the_methods_of_a_method_view_follow_from_its_class_and_base_classes() -> None:
    assert method_views.NoteView.methods == {"GET"}
    assert method_views.EditableNoteView.methods == {"GET", "PUT", "DELETE"}


@proves(
    "guide/routing",
    "To decorate a class-based view, list the decorators in decorators.",
    "They wrap the view function and so apply to all methods.",
)
def test_decorators_apply_to_all_methods_of_the_view() -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert send(method_views.app, "/mine/1", method).status_code == 401


@proves("guide/routing", "A decorator above the class line receives the class instead.")
def test_a_decorator_above_the_class_gets_the_class() -> None:
    got: list[object] = []

    def note(thing: type) -> type:
        got.append(thing)
        return thing

    @note
    class Marked(MethodView):
        pass

    assert got == [Marked]
