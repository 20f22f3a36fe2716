"""Then and now: docs/guide/hooks.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response

from proven.claims.proofs import proves
from tests.guide.hooks.common import NO_RETURN, PAGE, new_app, send, traced_app


@proves(
    "guide/hooks",
    "after_request without return. Old posts show functions such as def "
    'process_response1(*args, **kwargs): print("process_response 1").',
    "They return nothing, so every request ends with TypeError: 'NoneType' object is not callable.",
    "A before_request function gets no argument, so leave them out.",
    "An after_request function gets one: def process_response1(response):.",
)
def test_old_hooks_without_return_end_every_request_with_a_type_error() -> None:
    app, printed = new_app(), []
    got: list[tuple[Any, ...]] = []

    def note(text: str) -> Callable[..., None]:
        def hook(*args: Any, **kwargs: Any) -> None:
            got.append((*args, kwargs))
            printed.append(text)

        return hook

    for number in (1, 2):
        app.before_request(note(f"process_request {number} 来了"))
        app.after_request(note(f"process_response {number} 来了"))
    with pytest.raises(TypeError) as caught:
        send(app)
    assert str(caught.value) == NO_RETURN
    assert printed == [
        "process_request 1 来了",
        "process_request 2 来了",
        "process_response 2 来了",
        "process_response 1 来了",
    ]
    # nothing arrives before the view, one response after it, and from there on None
    assert got[:2] == [({},), ({},)]
    assert [type(value) for value in got[2]] == [Response, dict]
    assert got[3] == (None, {})


@proves("guide/hooks", "app.got_first_request. It is gone too (…).")
def test_old_names_are_gone() -> None:
    for name in ("got_first_request", "before_first_request"):
        assert not hasattr(new_app(), name)
        assert f"{name}" in PAGE


@proves("guide/hooks", "They always run now (…).")
def test_preserve_context_on_exception_has_no_effect() -> None:
    assert "PRESERVE_CONTEXT_ON_EXCEPTION" not in Flask.default_config
    steps: list[str] = []
    app = traced_app(steps, debug=True)
    app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = True
    with pytest.raises(ValueError, match=r"^bug$"):
        send(app, "/bug")
    assert steps[-1] == "teardown ValueError('bug')"
