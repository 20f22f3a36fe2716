"""Test a hook: docs/guide/hooks.md."""

from __future__ import annotations

from flask import Blueprint, Flask, Response

from proven.claims.proofs import proves
from snippets.hooks import smallest, stopping
from tests.guide.hooks.common import new_app


def trace(owner: Flask | Blueprint, steps: list[str], name: str) -> None:
    """Have one hook of each kind write down that it ran."""

    @owner.before_request
    def before() -> None:
        steps.append(f"before {name}")

    @owner.after_request
    def after(response: Response) -> Response:
        steps.append(f"after {name}")
        return response

    @owner.teardown_request
    def teardown(error: BaseException | None) -> None:
        steps.append(f"teardown {name}")


@proves(
    "guide/hooks",
    "app.test_request_context runs none until its block ends; then the teardown functions run.",
)
def test_a_request_context_runs_no_hook_until_it_ends() -> None:
    app, steps = new_app(), []
    trace(app, steps, "app")
    with app.test_request_context():
        assert steps == []
    assert steps == ["teardown app"]


@proves(
    "guide/hooks",
    "Call flask.Flask.preprocess_request() to run the hooks before the view, and "
    "flask.Flask.process_response() to run those after it:",
    "preprocess_request returns what a hook returned to end the request, otherwise None.",
)
def test_preprocess_request_returns_the_answer_of_a_hook() -> None:
    with stopping.app.test_request_context():
        assert stopping.app.preprocess_request() == ("Back soon", 503, {"Retry-After": "600"})
    with smallest.app.test_request_context(headers={"Accept-Language": "zh"}):
        assert smallest.app.preprocess_request() is None
        response = smallest.app.process_response(smallest.app.make_response(""))
        assert response.headers["Content-Language"] == "zh"
