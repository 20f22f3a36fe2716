"""Pitfalls: docs/guide/hooks.md."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.sansio.scaffold import Scaffold

from proven.claims.proofs import proves
from tests.guide.hooks.common import new_app, on_the_page, render, send


@proves("guide/hooks", "@app.before_request() has one pair of parentheses too many.")
def test_parentheses_too_many_are_refused() -> None:
    message = on_the_page("Scaffold.before_request() missing 1 required positional argument: 'f'")
    with pytest.raises(TypeError) as caught:
        new_app().before_request()  # type: ignore[call-arg]
    assert str(caught.value) == message


@proves(
    "guide/hooks",
    "The decorators of hooks take none; errorhandler(404) and template_global(), "
    "template_filter() and template_test() need them.",
)
def test_hooks_take_the_function_and_helpers_take_a_name() -> None:
    for name in ("before_request", "after_request", "teardown_request", "context_processor"):
        assert list(inspect.signature(getattr(Scaffold, name)).parameters) == ["self", "f"]
    for name in ("template_global", "template_filter", "template_test"):
        assert list(inspect.signature(getattr(Flask, name)).parameters) == ["self", "name"]


@proves(
    "guide/hooks",
    "The function has a parameter, but Flask passes none to before_request functions and "
    "context processors.",
    "The opposite error is TypeError: stamp() takes 0 positional arguments but 1 was "
    "given: after_request functions, teardown functions and error handlers get one "
    "argument.",
)
def test_hooks_with_a_wrong_number_of_parameters() -> None:
    def check(request: object) -> None:
        raise NotImplementedError

    def stamp() -> None:
        raise NotImplementedError

    def app_with(register: str, *arguments: Any) -> Flask:
        app = new_app(testing=True)
        if register == "errorhandler":
            app.register_error_handler(404, stamp)
        else:
            getattr(app, register)(*arguments)
        return app

    suffix = "check() missing 1 required positional argument: 'request'"
    with pytest.raises(TypeError) as caught:
        send(app_with("before_request", check))
    assert str(caught.value).endswith(on_the_page(suffix))
    with pytest.raises(TypeError) as caught:
        render(app_with("context_processor", check), "")
    assert str(caught.value).endswith(suffix)
    suffix = on_the_page("stamp() takes 0 positional arguments but 1 was given")
    for register in ("after_request", "teardown_request", "teardown_appcontext", "errorhandler"):
        with pytest.raises(TypeError) as caught:
            send(app_with(register, stamp), "/nowhere")
        assert str(caught.value).endswith(suffix)


@proves(
    "guide/hooks",
    "The message goes on: It has already handled its first request, any changes will not "
    "be applied consistently. Make sure all imports, decorators, functions, etc. needed "
    "to set up the application are done before running it.",
    "A hook was registered after the first request, often by an import inside a view.",
)
def test_a_hook_after_the_first_request_is_refused() -> None:
    app = new_app()
    send(app)
    with pytest.raises(AssertionError) as caught:
        app.before_request(lambda: None)
    assert str(caught.value) == on_the_page(
        "The setup method 'before_request' can no longer be called on the application. It has"
        " already handled its first request, any changes will not be applied consistently.\n"
        "Make sure all imports, decorators, functions, etc. needed to set up the application"
        " are done before running it."
    )


@proves(
    "guide/hooks",
    "On a blueprint, a hook was registered after the blueprint: AssertionError: The setup "
    "method 'before_request' can no longer be called on the blueprint 'admin'. It has "
    "already been registered at least once, any changes will not be applied consistently.",
)
def test_a_hook_after_the_registration_of_its_blueprint_is_refused() -> None:
    app, admin = new_app(), Blueprint("admin", "admin")
    app.register_blueprint(admin)
    with pytest.raises(AssertionError) as caught:
        admin.before_request(lambda: None)
    on_the_page(str(caught.value).splitlines()[0])
    assert str(caught.value) == (
        "The setup method 'before_request' can no longer be called on the blueprint 'admin'. It has"
        " already been registered at least once, any changes will not be applied consistently.\n"
        "Make sure all imports, decorators, functions, etc. needed to set up the blueprint are"
        " done before registering it."
    )
