"""Testing: docs/guide/contexts.md."""

from __future__ import annotations

from flask import g, has_request_context, request, session
from flask.testing import FlaskClient

from proven.claims.proofs import proves
from snippets.contexts import priced
from tests.guide.contexts.common import error_of, new_app, on_the_page


@proves(
    "guide/contexts",
    "It matches the URL and opens the session, but it runs no before_request function.",
)
def test_a_pushed_request_is_matched_and_has_its_session_but_ran_no_hook() -> None:
    with priced.app.test_request_context("/price?amount=2"):
        assert (request.endpoint, request.args["amount"], dict(session)) == ("show", "2", {})
        assert str(error_of(priced.price)) == "currency"
        assert priced.app.preprocess_request() is None
        assert priced.price() == "6 CNY"


@proves(
    "guide/contexts",
    "test_request_context() takes a URL and the same options as client.open.",
    "method, data, json, headers and base_url set what your function reads from the request.",
)
def test_test_request_context_takes_what_the_client_takes() -> None:
    app = priced.app
    with app.test_request_context(
        "/x", method="PUT", json={"n": 1}, headers={"X-A": "1"}, base_url="https://shop.example/"
    ):
        assert (request.method, request.json) == ("PUT", {"n": 1})
        assert (request.headers["X-A"], request.url) == ("1", "https://shop.example/x")
    with app.test_request_context("/x", method="POST", data={"name": "阿达"}):
        assert request.form["name"] == "阿达"


@proves(
    "guide/contexts",
    "In a with block the client keeps the contexts of its last request until the next "
    "request or the end of the block.",
    "The teardown_request and teardown_appcontext functions have already run at that "
    "point, as after each request.",
    "They run once more when the contexts end.",
)
def test_the_client_in_a_with_block_keeps_the_contexts_of_its_last_request() -> None:
    app = new_app()
    torn = []
    app.before_request(lambda: g.setdefault("path", request.path) and None)
    app.teardown_request(lambda error: torn.append("request"))
    app.teardown_appcontext(lambda error: torn.append("application"))
    pair = ["request", "application"]
    with app.test_client() as client:
        client.get("/one")
        # teardown has run, and runs again when the contexts are dropped
        assert (request.path, g.path, torn) == ("/one", "/one", pair)
        client.get("/two")
        assert (request.path, g.path, torn) == ("/two", "/two", pair * 3)
    assert torn == pair * 4
    assert not has_request_context()


@proves(
    "guide/contexts", "With session_transaction() you can write to the session before the request:"
)
def test_the_session_can_be_written_before_the_request() -> None:
    client = priced.app.test_client()
    with client.session_transaction() as stored:
        stored["currency"] = "JPY"
    assert client.get("/price?amount=2").json == {"price": "6 JPY"}


@proves(
    "guide/contexts",
    "A request uses the application context that is active, if it belongs to the same application.",
    "If a fixture pushes one around the client, all requests share its g, and a user that "
    "is stored there stays logged in.",
    "It belongs to the application context: a command has one too, and requests share it "
    "while an application context is active around them.",
    "pushes an flask.ctx.AppContext, unless one of this application is active,",
)
def test_requests_share_the_g_of_an_active_context_of_their_application() -> None:
    app = new_app()

    @app.get("/")
    def view() -> str:
        g.count = g.get("count", 0) + 1
        return str(g.count)

    client = app.test_client()

    def answers() -> list[str]:
        return [client.get("/").text for _ in range(3)]

    assert answers() == ["1", "1", "1"]
    with app.app_context():
        assert answers() == ["1", "2", "3"]
    with new_app().app_context():
        # the context of another application is not joined
        assert answers() == ["1", "1", "1"]


@proves(
    "guide/contexts",
    "The same client entered two with blocks, often one in a fixture and one in the test.",
)
def test_a_client_enters_its_with_block_once() -> None:
    message = on_the_page("Cannot nest client invocations")

    def nested(client: FlaskClient) -> None:
        with client, client:
            pass  # pragma: no cover

    error = error_of(nested, priced.app.test_client())
    assert (type(error), str(error)) == (RuntimeError, message)
