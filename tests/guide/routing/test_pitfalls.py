"""The errors that the page quotes."""

import pytest

from proven.claims.proofs import proves
from tests.guide.routing.helpers import new_app, on_the_page, send, view


@proves(
    "guide/routing",
    "The message continues with It has already handled its first request, any changes "
    "will not be applied consistently. and Make sure all imports, decorators, functions, "
    "etc. needed to set up the application are done before running it.",
    "The message names the method that was called, for example 'get' or 'add_url_rule'.",
)
@pytest.mark.parametrize("name", ["route", "get", "add_url_rule"])
def test_a_route_after_the_first_request_is_refused(name: str) -> None:
    app = new_app()
    send(app, "/")
    with pytest.raises(AssertionError) as caught:
        getattr(app, name)("/late")
    message = (
        "The setup method 'route' can no longer be called on the application. It has already"
        " handled its first request, any changes will not be applied consistently.\n"
        "Make sure all imports, decorators, functions, etc. needed to set up the application"
        " are done before running it."
    )
    assert str(caught.value) == on_the_page(message).replace("'route'", f"'{name}'")


@proves(
    "guide/routing",
    'A rule must begin with a slash: write "/about".',
    "The name of a variable must be a Python identifier, such as <user_name>.",
    "The name of the converter is int.",
)
@pytest.mark.parametrize(
    ("rule", "error", "message"),
    [
        ("about", ValueError, "URL rule 'about' must start with a slash."),
        ("/users/<user-name>", ValueError, "malformed url rule: '/users/<user-name>'"),
        ("/<integer:number>", LookupError, "the converter 'integer' does not exist"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(
    rule: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        new_app().add_url_rule(rule, view_func=view)
    assert str(caught.value) == on_the_page(message)


@proves(
    "guide/routing",
    'An empty rule raises an error too; the rule of the front page is "/".',
    "A missing bracket raises the same error.",
)
def test_the_empty_rule_and_an_open_bracket_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^URL rule '' must start with a slash\.$"):
        new_app().add_url_rule("", view_func=view)
    with pytest.raises(ValueError, match=r"^malformed url rule: '/users/<name'$"):
        new_app().add_url_rule("/users/<name", view_func=view)


@proves(
    "guide/routing",
    "The view has a parameter that is not a variable of the rule.",
    "TypeError: note() got an unexpected keyword argument 'id' is the reverse: the rule "
    "has a variable <id>, but the view has no parameter of that name.",
    "Both errors occur during a request, and the client gets a 500.",
)
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("/notes", "note() missing 1 required positional argument: 'number'"),
        ("/notes/<id>", "note() got an unexpected keyword argument 'id'"),
    ],
)
def test_variables_and_parameters_must_have_the_same_names(rule: str, message: str) -> None:
    def note(number: int) -> str:
        raise NotImplementedError

    app = new_app()
    app.add_url_rule(rule, view_func=note)
    path = rule.replace("<id>", "3")
    with pytest.raises(TypeError) as caught:
        send(app, path)
    assert str(caught.value).rpartition(".")[2] == on_the_page(message)
    app.testing = False
    assert send(app, path).status_code == 500
