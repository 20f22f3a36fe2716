"""Async hooks: docs/guide/hooks.md."""

from __future__ import annotations

import re
import sys
import warnings
from typing import Any

import pytest
from flask import Response, after_this_request, render_template_string, url_for

from proven.claims.proofs import proves
from tests.guide.hooks.common import new_app, on_the_page, send


@proves(
    "guide/hooks",
    "async def works for before_request, after_request, after_this_request, both kinds of "
    "teardown functions, error handlers and context processors, as it does for views.",
)
def test_async_hooks_and_handlers_work() -> None:
    app, seen = new_app(), []

    @app.before_request
    async def before() -> None:
        seen.append("before")

    @app.after_request
    async def after(response: Response) -> Response:
        seen.append("after")
        return response

    @app.teardown_request
    async def teardown(error: BaseException | None) -> None:
        seen.append("teardown")

    @app.teardown_appcontext
    async def appcontext(error: BaseException | None) -> None:
        seen.append("appcontext")

    @app.context_processor
    async def context() -> dict[str, str]:
        return {"word": "awaited"}

    @app.errorhandler(KeyError)
    async def handler(error: KeyError) -> str:
        return "handled"

    @app.get("/fail")
    async def fail() -> str:
        @after_this_request
        async def this(response: Response) -> Response:
            seen.append("this")
            return response

        raise KeyError

    @app.get("/word")
    def word() -> str:
        return render_template_string("{{ word }}")

    assert send(app, "/word").text == "awaited"
    seen.clear()
    assert send(app, "/fail").text == "handled"
    assert seen == ["before", "this", "after", "teardown", "appcontext"]


@proves(
    "guide/hooks",
    "An async view renders a template, and a context processor is async too.",
    "The view already runs in the event loop.",
)
def test_an_async_context_processor_fails_below_an_async_view() -> None:
    app = new_app(testing=True)

    @app.context_processor
    async def context() -> dict[str, str]:
        return {"word": "awaited"}

    @app.get("/sync")
    def in_sync() -> str:
        return render_template_string("{{ word }}")

    @app.get("/async")
    async def in_async() -> str:
        return render_template_string("{{ word }}")

    assert send(app, "/sync").text == "awaited"
    with pytest.raises(RuntimeError) as caught:
        send(app, "/async")
    assert str(caught.value) == on_the_page(
        "You cannot use AsyncToSync in the same thread as an async event loop"
        " - just await the async function directly."
    )


@proves(
    "guide/hooks",
    'It needs pip install "flask[async]"; without it, the first call raises RuntimeError: '
    "Install Flask with the 'async' extra in order to use async views.",
)
def test_async_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("asgiref", "asgiref.sync"):
        monkeypatch.setitem(sys.modules, name, None)
    app = new_app(testing=True)

    @app.before_request
    async def before() -> None:
        raise NotImplementedError

    with pytest.raises(RuntimeError) as caught:
        send(app)
    message = "Install Flask with the 'async' extra in order to use async views."
    assert str(caught.value) == on_the_page(message)


@proves(
    "guide/hooks",
    "It does not work for url_value_preprocessor, url_defaults and template globals, "
    "filters and tests: Flask and Jinja call these functions and do not await the result.",
)
def test_async_does_not_work_for_preprocessors_and_template_helpers() -> None:
    app, ran = new_app(), []

    async def run(*args: Any) -> int:
        ran.append(args)
        return 1

    app.url_value_preprocessor(run)  # type: ignore[arg-type, type-var]
    app.url_defaults(run)  # type: ignore[arg-type, type-var]
    app.add_template_global(run, "run")
    app.add_template_filter(run, "run")
    app.add_template_test(run, "run")
    app.add_url_rule(
        "/all",
        "all",
        lambda: render_template_string("{{ run() }}|{{ 1|run }}|{{ 'yes' if 1 is run else 'no' }}"),
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = send(app, "/all").text
        with app.test_request_context():
            assert url_for("front") == "/"
    assert re.fullmatch(r"(&lt;coroutine object .+?&gt;\|){2}yes", text)
    assert ran == []
    assert {str(warning.message) for warning in caught} == {
        f"coroutine '{run.__qualname__}' was never awaited"
    }
