"""Every claim of the page on request hooks, proved."""

import contextlib
import http.client
import inspect
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flask
import jinja2
import pytest
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    g,
    got_request_exception,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.sansio.scaffold import Scaffold
from jinja2 import DictLoader
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    default_exceptions,
)
from werkzeug.serving import make_server
from werkzeug.test import ClientRedirectError, TestResponse

from snippets.hooks import (
    after_this,
    at_start,
    connection,
    handler_choice,
    handler_classes,
    handler_status,
    json_errors,
    login_required,
    nested_order,
    once,
    order,
    server_error,
    smallest,
    stopping,
    teardown_error,
    template_helpers,
    template_scope,
    token_guard,
    url_values,
)

PAGE = (Path(__file__).parents[2] / "docs/guide/hooks.md").read_text(encoding="utf-8")
NO_RETURN = "'NoneType' object is not callable"
NOT_A_RESPONSE = (
    "The view function did not return a valid response. The return type must be a string, dict,"
    " list, tuple with headers or status, Response instance, or WSGI callable, but it was a bool."
)


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = False, debug: bool = False) -> Flask:
    """Return an application with a front page and nothing else."""
    app = Flask("hooks-test", static_folder=None)
    app.testing, app.debug = testing, debug
    app.secret_key = "dev"
    app.add_url_rule("/", "front", lambda: "Front page")
    return app


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


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


@contextlib.contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve the application on a real port."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def empty_lists() -> Iterator[None]:
    """Let each test begin with what a fresh process has."""
    yield
    for kept in (order.steps, nested_order.steps, teardown_error.given, once.loaded):
        kept.clear()
    once.ready.clear()


# The smallest application


@pytest.mark.parametrize(
    ("accepted", "language", "text"),
    [("zh-CN,zh;q=0.9", "zh", "早上好"), ("", "en", "Good morning"), ("fr", "en", "Good morning")],
)
def test_a_hook_before_chooses_and_a_hook_after_adds(
    accepted: str, language: str, text: str
) -> None:
    answer = send(smallest.app, headers={"Accept-Language": accepted})
    assert answer.text == text
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Vary"] == "Accept-Language"


def test_g_is_empty_again_for_the_next_request() -> None:
    app = new_app()
    seen: list[list[str]] = []

    @app.before_request
    def look() -> None:
        seen.append(list(g))
        g.anything = 1

    client = app.test_client()
    client.get("/")
    client.get("/")
    assert seen == [[], []]


# All hooks at a glance


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under the label of a heading."""
    text = PAGE.split(f"({heading})=\n")[1].split("\n(")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_the_table_names_hooks_that_exist() -> None:
    names = [re.findall(r"`(\w+)", row[0])[0] for row in rows("hook-kinds")]
    assert names == [
        "url_value_preprocessor",
        "before_request",
        "after_this_request",
        "after_request",
        "teardown_request",
        "teardown_appcontext",
        "errorhandler",
        "context_processor",
    ]
    methods = {name for name in names if hasattr(Flask, name)}
    assert set(names) - methods == {"after_this_request"}
    assert hasattr(flask, "after_this_request")
    assert methods - {name for name in names if hasattr(Blueprint, name)} == {"teardown_appcontext"}


@pytest.mark.parametrize(
    "name",
    [
        "before_app_request",
        "after_app_request",
        "teardown_app_request",
        "app_errorhandler",
        "app_context_processor",
        "app_url_value_preprocessor",
    ],
)
def test_a_blueprint_has_names_with_app_in_them(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert hasattr(Blueprint, name)
    assert not hasattr(Flask, name)


def test_names_with_app_hold_for_every_request() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []

    @blueprint.before_app_request
    def before() -> None:
        seen.append("before")

    @blueprint.after_app_request
    def after(response: Response) -> Response:
        seen.append("after")
        return response

    @blueprint.teardown_app_request
    def teardown(error: BaseException | None) -> None:
        seen.append("teardown")

    @blueprint.app_url_value_preprocessor
    def values(endpoint: str | None, values: dict[str, Any] | None) -> None:
        seen.append("values")

    @blueprint.app_context_processor
    def context() -> dict[str, str]:
        return {"word": "everywhere"}

    @blueprint.app_errorhandler(404)
    def handler(error: NotFound) -> tuple[str, int]:
        return "from the blueprint", 404

    app.add_url_rule("/word", "word", lambda: render_template_string("{{ word }}"))
    app.register_blueprint(blueprint)
    assert send(app, "/word").text == "everywhere"
    assert seen == ["values", "before", "after", "teardown"]
    assert send(app, "/nowhere").text == "from the blueprint"


def test_all_kinds_run_in_the_order_of_the_table() -> None:
    app, seen = new_app(), []
    app.url_value_preprocessor(lambda endpoint, values: seen.append("values"))
    app.before_request(lambda: seen.append("before"))
    app.context_processor(lambda: seen.append("context") or {})
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.teardown_request(lambda error: seen.append("teardown"))

    @app.after_request
    def after(response: Response) -> Response:
        seen.append("after")
        return response

    @app.get("/view")
    def view() -> str:
        @after_this_request
        def this(response: Response) -> Response:
            seen.append("this")
            return response

        return render_template_string("")

    send(app, "/view")
    assert seen == ["values", "before", "context", "this", "after", "teardown", "appcontext"]


# The order of hooks


BEFORE = ["process_request 1", "process_request 2"]
AFTER = ["process_response 2", "process_response 1", "process_end 2", "process_end 1"]


def test_before_in_order_of_registration_after_and_teardown_in_reverse() -> None:
    client = order.app.test_client()
    assert client.get("/index").text == "Index"
    answer = client.get("/steps")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == [*BEFORE, "index", *AFTER]
    assert client.get("/steps").text == ""


CART = ["before app-1", "before app-2", "before shop-1", "before shop-2", "before cart-1"]
CART += ["before cart-2", "view"]
UNDONE = [
    f"{kind} {name}"
    for kind in ("after", "teardown")
    for name in ("cart-2", "cart-1", "shop-2", "shop-1", "app-2", "app-1")
]


def test_with_nested_blueprints_inwards_before_and_outwards_after() -> None:
    client = nested_order.app.test_client()
    assert client.get("/shop/cart/").text == "Your cart"
    assert client.get("/steps").text.splitlines() == CART + UNDONE


def test_an_unknown_url_below_a_prefix_belongs_to_no_blueprint() -> None:
    assert send(nested_order.app, "/shop/nowhere").status_code == 404
    assert nested_order.steps == [
        f"{kind} app-{number}"
        for kind, numbers in (("before", (1, 2)), ("after", (2, 1)), ("teardown", (2, 1)))
        for number in numbers
    ]


def test_before_app_request_joins_when_the_blueprint_is_registered() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    blueprint.before_app_request(lambda: seen.append("blueprint"))
    app.before_request(lambda: seen.append("earlier"))
    app.register_blueprint(blueprint)
    app.before_request(lambda: seen.append("later"))
    send(app)
    assert seen == ["earlier", "blueprint", "later"]


# Which requests run them


def traced_app(steps: list[str], **options: bool) -> Flask:
    """Return an application with every kind of request of the table."""
    app = Flask("traced", static_url_path="/static", static_folder=str(Path(__file__).parent))
    for name, value in options.items():
        setattr(app, name, value)

    @app.before_request
    def before() -> str | None:
        steps.append("before")
        return "Answered" if "answer" in request.args else None

    @app.after_request
    def after(response: Response) -> Response:
        steps.append(f"after {response.status_code}")
        return response

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        steps.append(f"teardown {error!r}")

    @app.errorhandler(KeyError)
    def handler(error: KeyError) -> tuple[str, int]:
        return "Handled", 400

    @app.get("/fine/")
    def fine() -> str:
        steps.append("view")
        return "Fine"

    @app.get("/handled")
    def handled() -> str:
        steps.append("view")
        raise KeyError

    @app.get("/bug")
    def bug() -> str:
        steps.append("view")
        raise ValueError("bug")

    return app


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/fine/", ["before", "view", "after 200", "teardown None"]),
        ("GET", "/nowhere", ["before", "after 404", "teardown None"]),
        ("POST", "/fine/", ["before", "after 405", "teardown None"]),
        ("GET", "/fine", ["before", "after 308", "teardown None"]),
        ("GET", "/static/test_hooks.py", ["before", "after 200", "teardown None"]),
        ("OPTIONS", "/fine/", ["before", "after 200", "teardown None"]),
        ("GET", "/fine/?answer", ["before", "after 200", "teardown None"]),
        ("GET", "/handled", ["before", "view", "after 400", "teardown None"]),
        ("GET", "/bug", ["before", "view", "after 500", "teardown ValueError('bug')"]),
    ],
)
def test_which_hooks_run_for_which_request(method: str, path: str, expected: list[str]) -> None:
    steps: list[str] = []
    answer = send(traced_app(steps), path, method)
    answer.close()
    assert steps == expected


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_an_error_in_debug_mode_or_while_testing_skips_after_request(mode: str) -> None:
    steps: list[str] = []
    with pytest.raises(ValueError, match=r"^bug$"):
        send(traced_app(steps, **{mode: True}), "/bug")
    assert steps == ["before", "view", "teardown ValueError('bug')"]


def test_one_page_in_a_browser_is_several_requests_that_endpoints_tell_apart() -> None:
    seen: list[str | None] = []
    app = traced_app([])
    app.before_request(lambda: seen.append(request.endpoint))
    for path in ("/fine/", "/static/test_hooks.py", "/favicon.ico"):
        send(app, path).close()
    assert seen == ["fine", "static", None]


# Stop a request early


def test_what_a_before_request_function_returns_is_the_answer() -> None:
    answer = send(stopping.app)
    assert (answer.status_code, answer.text) == (503, "Back soon")
    assert answer.headers["Retry-After"] == "600"
    assert send(stopping.app, "/health").text == "Well"


def test_without_maintenance_every_page_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stopping.app.config, "MAINTENANCE", False)
    assert send(stopping.app).text == "Front page"


def test_the_answer_of_a_hook_passes_through_after_request() -> None:
    for path in ("/", "/health"):
        assert send(stopping.app, path).headers["X-Content-Type-Options"] == "nosniff"


def test_a_stopped_request_skips_what_is_left_before_and_nothing_after() -> None:
    client = nested_order.app.test_client()
    assert client.get("/shop/cart/?stop=shop-1").text == "Stopped by shop-1"
    assert client.get("/steps").text.splitlines() == CART[:3] + UNDONE


def test_an_after_request_function_may_miss_what_its_partner_sets() -> None:
    app = new_app(testing=True)
    app.before_request(lambda: "Stopped")
    app.before_request(lambda: setattr(g, "language", "en"))
    seen: list[object] = []

    @app.after_request
    def after(response: Response) -> Response:
        seen.append(g.get("language"))
        g.language  # noqa: B018  reading it is what fails
        return response

    with pytest.raises(AttributeError) as caught:
        send(app)
    assert str(caught.value) == "language"
    assert seen == [None]
    assert "`AttributeError: language`" in PAGE


@pytest.mark.parametrize(("raised", "text"), [(True, "No entry, says the handler"), (False, "No")])
def test_error_handlers_see_what_a_hook_raises_and_not_what_it_returns(
    raised: bool, text: str
) -> None:
    app = new_app()

    @app.before_request
    def refuse() -> tuple[str, int]:
        if raised:
            abort(403)
        return "No", 403

    @app.errorhandler(403)
    def forbidden(error: Forbidden) -> tuple[str, int]:
        return "No entry, says the handler", 403

    answer = send(app)
    assert (answer.status_code, answer.text) == (403, text)


@pytest.mark.parametrize(("value", "body"), [("", ""), ([], "[]\n"), ({}, "{}\n")])
def test_an_empty_value_ends_the_request_with_200(value: Any, body: str) -> None:
    app = new_app()
    app.before_request(lambda: value)
    answer = send(app)
    assert (answer.status_code, answer.text) == (200, body)


def test_the_value_of_a_lambda_is_an_answer() -> None:
    app = new_app()
    app.before_request(lambda: g.setdefault("cart", []))
    assert send(app).json == []


@pytest.mark.parametrize("value", [True, False])
def test_true_and_false_end_the_request_with_an_error(value: bool) -> None:
    app = new_app(testing=True)
    app.before_request(lambda: value)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError) as caught:
        send(app)
    assert str(caught.value) == on_the_page(NOT_A_RESPONSE)


# Log-in for the whole application

GOOD = {"name": "ada", "password": "lovelace"}


def test_a_stranger_is_sent_to_the_log_in_and_back() -> None:
    client = login_required.app.test_client()
    answer = client.get("/diary?page=2")
    assert (answer.status_code, answer.location) == (302, "/login?target=/diary?page%3D2")
    assert client.get(answer.location).text == login_required.FORM
    back = client.post(answer.location, data=GOOD)
    assert (back.status_code, back.location) == (303, "/diary?page=2")
    assert client.get(back.location).text == "The diary of ada"


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(name: str) -> None:
    client = login_required.app.test_client()
    answer = client.post("/login", data={"name": name, "password": "byron"})
    assert answer.status_code == 403
    assert "Wrong name or password" in answer.text
    assert client.get("/diary").status_code == 302


def test_a_hash_is_compared_for_an_unknown_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def compare(stored: str, password: str) -> bool:
        compared.append(stored)
        return False

    monkeypatch.setattr(login_required, "check_password_hash", compare)
    for name in ("ada", "nobody"):
        send(login_required.app, "/login", "POST", data={"name": name, "password": "byron"})
    assert compared == [login_required.USERS["ada"], login_required.NOBODY]


def test_only_hashes_are_stored() -> None:
    assert "lovelace" not in str(login_required.USERS)
    assert login_required.USERS["ada"].startswith("scrypt:")


def test_a_view_that_is_added_later_is_protected() -> None:
    app = new_app()
    app.before_request(login_required.require_login)
    app.add_url_rule("/login", "show_login", login_required.show_login)
    app.add_url_rule("/added", "added", lambda: "Secret")
    assert [send(app, path).status_code for path in ("/login", "/added")] == [200, 302]


def test_unknown_urls_are_sent_to_the_log_in_too() -> None:
    client = login_required.app.test_client()
    assert client.get("/nowhere").status_code == 302
    client.post("/login", data=GOOD)
    assert client.get("/nowhere").status_code == 404


def test_endpoints_stay_where_paths_change() -> None:
    def view() -> list[str | None]:
        return [request.endpoint, request.path]

    found = []
    for prefix in ("/auth", "/account"):
        app, auth = new_app(), Blueprint("auth", "auth", url_prefix=prefix)
        auth.add_url_rule("/login", "login", view, strict_slashes=False)
        app.register_blueprint(auth)
        found += [send(app, f"{prefix}/login{slash}").json for slash in ("", "/")]
    assert {endpoint for endpoint, _ in found} == {"auth.login"}
    assert len({path for _, path in found}) == 4
    assert send(login_required.app, "/login", "HEAD").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_the_way_back_never_leaves_the_site(target: str) -> None:
    answer = send(login_required.app, "/login", "POST", data=GOOD, query_string={"target": target})
    assert answer.location == "/diary"


@pytest.mark.parametrize("target", ["/", "/diary?page=2", "/%E6%97%A9/a%20b"])
def test_a_path_of_this_site_is_a_way_back(target: str) -> None:
    answer = send(login_required.app, "/login", "POST", data=GOOD, query_string={"target": target})
    assert answer.location == target


def test_only_a_get_leads_back() -> None:
    assert send(login_required.app, "/diary", "POST").location == "/login"


def test_an_account_that_is_gone_is_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    client = login_required.app.test_client()
    client.post("/login", data=GOOD)
    assert client.get("/diary").status_code == 200
    monkeypatch.delitem(login_required.USERS, "ada")
    assert client.get("/diary").status_code == 302


def test_log_out_is_a_post_and_the_cookie_stays_on_the_site() -> None:
    client = login_required.app.test_client()
    cookie = client.post("/login", data=GOOD).headers["Set-Cookie"]
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")
    assert client.get("/logout").status_code == 405
    answer = client.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get("/diary").status_code == 302


def looping_app() -> Flask:
    """Return an application whose log-in page needs a log-in."""
    app = new_app()
    app.before_request(lambda: redirect("/login"))
    return app


def test_a_guarded_log_in_page_is_a_loop() -> None:
    with pytest.raises(ClientRedirectError) as caught:
        send(looping_app(), follow_redirects=True)
    message = "Loop detected: A 302 redirect to /login was already made."
    assert str(caught.value) == on_the_page(message)
    assert f"`ClientRedirectError: {message}`" in PAGE


@pytest.mark.browser
def test_a_browser_says_too_many_redirects(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with served(looping_app()) as port:
        address = f"http://127.0.0.1:{port}/"
        done = subprocess.run(
            [chromium, *flags, f"--user-data-dir={tmp_path}", "--dump-dom", address],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "ERR_TOO_MANY_REDIRECTS" in done.stdout + done.stderr
    assert ":::{pitfall} `ERR_TOO_MANY_REDIRECTS`" in PAGE


def test_an_endpoint_in_a_blueprint_carries_its_name() -> None:
    app, auth = new_app(), Blueprint("auth", "auth")
    auth.add_url_rule("/login", "show_login", lambda: str(request.endpoint))
    app.register_blueprint(auth)
    assert send(app, "/login").text == "auth.show_login"


# A token for one blueprint


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer let-me-in"}, 200),
        ({"Authorization": "bearer let-me-in"}, 200),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer 让我进去"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Basic bGV0LW1lLWluOg=="}, 401),
    ],
)
def test_only_the_token_opens_the_blueprint(headers: dict[str, str], status: int) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = send(token_guard.app, "/api/notes", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer realm=api"
    else:
        assert answer.json == ["milk"]


def test_a_blueprint_guards_its_own_views_and_no_others() -> None:
    assert send(token_guard.app).text == "Open to all"
    assert send(token_guard.app, "/api/nowhere").status_code == 404


def test_a_hook_of_a_blueprint_guards_nested_ones() -> None:
    app, inner = new_app(), Blueprint("inner", "inner")
    outer = Blueprint("outer", "outer")
    outer.before_request(lambda: abort(401))
    inner.add_url_rule("/inner", "view", lambda: "Inner")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert [send(app, path).status_code for path in ("/inner", "/")] == [401, 200]


def test_a_preflight_goes_through_without_a_token() -> None:
    assert send(token_guard.app, "/api/notes", "OPTIONS").status_code == 200


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(sent: bytes, expected: bytes) -> bool:
        compared.append((sent, expected))
        return sent == expected

    monkeypatch.setattr(token_guard, "compare_digest", compare)
    send(token_guard.app, "/api/notes", headers={"Authorization": "Bearer wrong"})
    assert compared == [(b"wrong", b"let-me-in")]


# Change the response


def test_after_request_sees_every_response_and_may_return_another() -> None:
    app, seen = traced_app([]), []

    @app.after_request
    def swap(response: Response) -> Response:
        seen.append(response.status_code)
        response.close()
        return Response("Another")

    for path in ("/fine/", "/handled", "/nowhere", "/static/test_hooks.py"):
        assert send(app, path).text == "Another"
    assert seen == [200, 400, 404, 200]


def test_the_session_is_saved_after_the_last_after_request_function() -> None:
    app = new_app()
    app.add_url_rule("/read", "read", lambda: dict(session))

    @app.after_request
    def after(response: Response) -> Response:
        session["from"] = "after_request"
        return response

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        session["late"] = "teardown_request"

    client = app.test_client()
    client.get("/")
    assert client.get("/read").json == {"from": "after_request"}


def test_setdefault_leaves_a_header_that_the_view_set() -> None:
    app = new_app()
    app.add_url_rule("/own", "own", lambda: ("", {"X-Frame-Options": "SAMEORIGIN"}))

    @app.after_request
    def frames(response: Response) -> Response:
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    answers = [send(app, path).headers["X-Frame-Options"] for path in ("/own", "/")]
    assert answers == ["SAMEORIGIN", "DENY"]


def forgets_to_return(response: Response) -> None:
    """Change a response and end without a return statement."""
    response.headers["X-Stamp"] = "1"


@pytest.mark.parametrize("testing", [True, False])
def test_an_after_request_function_without_return_is_a_type_error(testing: bool) -> None:
    app = new_app(testing=testing)
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    with pytest.raises(TypeError) as caught:
        send(app)
    assert str(caught.value) == on_the_page(NO_RETURN)
    last = caught.traceback[-1]
    assert Path(last.path).parts[-2:] == ("flask", "app.py")
    assert str(last.statement).strip() == on_the_page("return response(environ, start_response)")
    assert not [entry for entry in caught.traceback if entry.name == "forgets_to_return"]


def test_the_next_function_fails_on_a_missing_return() -> None:
    app = new_app(testing=True)
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    app.after_request(lambda response: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(AttributeError) as caught:
        send(app)
    message = on_the_page("'NoneType' object has no attribute 'headers'")
    # Python 3.13 words a store differently
    assert str(caught.value).startswith(message)


def test_saving_the_session_fails_on_a_missing_return() -> None:
    app = new_app(testing=True)
    app.add_url_rule("/read", "read", lambda: dict(session))
    app.after_request(forgets_to_return)  # type: ignore[type-var]
    with pytest.raises(AttributeError) as caught:
        send(app, "/read")
    assert str(caught.value) == on_the_page("'NoneType' object has no attribute 'vary'")


# For this request only


def test_after_this_request_changes_one_response() -> None:
    client = after_this.app.test_client()
    answer = client.get("/?lang=zh")
    assert answer.headers["Set-Cookie"] == "lang=zh; HttpOnly; Path=/; SameSite=Lax"
    assert answer.json == {"language": "zh"}
    second = client.get("/")
    assert "Set-Cookie" not in second.headers
    assert second.json == {"language": "zh"}


def test_an_unknown_language_is_not_remembered() -> None:
    answer = send(after_this.app, "/?lang=xx")
    assert ("Set-Cookie" in answer.headers, answer.json) == (False, {"language": "en"})


def test_after_this_request_comes_before_after_request_and_in_order() -> None:
    app, seen = new_app(), []

    def noting(name: str) -> Callable[[Response], Response]:
        def hook(response: Response) -> Response:
            seen.append(name)
            return response

        return hook

    app.after_request(noting("after 1"))
    app.after_request(noting("after 2"))

    @app.get("/view")
    def view() -> str:
        after_this_request(noting("this 1"))
        after_this_request(noting("this 2"))
        return ""

    send(app, "/view")
    assert seen == ["this 1", "this 2", "after 2", "after 1"]


def test_after_this_request_needs_a_request() -> None:
    message = on_the_page(
        "'after_this_request' can only be used when a request context is active, such as in a view"
        " function."
    )
    with pytest.raises(RuntimeError) as caught:
        after_this_request(lambda response: response)
    assert str(caught.value) == message
    with new_app().app_context(), pytest.raises(RuntimeError) as caught:
        after_this_request(lambda response: response)
    assert str(caught.value) == message


# When an after_request function fails


def failing_app(seen: list[str], failures: int, error: type[Exception]) -> Flask:
    """Return an application of which one of three after_request functions fails a few times."""
    app = new_app()
    app.add_url_rule("/write", "write", lambda: str(session.setdefault("written", 1)))
    app.add_url_rule("/read", "read", lambda: dict(session))

    @app.after_request
    def last(response: Response) -> Response:
        seen.append(f"last {response.status_code}")
        return response

    @app.after_request
    def fails(response: Response) -> Response:
        if request.path == "/write" and seen.count("fails") < failures:
            seen.append("fails")
            raise error
        return response

    @app.after_request
    def first(response: Response) -> Response:
        seen.append(f"first {response.status_code}")
        return response

    return app


@pytest.mark.parametrize("error", [Forbidden, ValueError])
def test_a_failing_after_request_function_is_always_a_500(error: type[Exception]) -> None:
    seen: list[str] = []
    app = failing_app(seen, 1, error)
    app.register_error_handler(error, lambda e: seen.append("handler") or "")
    app.register_error_handler(500, lambda e: ("Out of order", 500))
    answer = send(app, "/write")
    assert (answer.status_code, answer.text) == (500, "Out of order")
    assert seen == ["first 200", "fails", "first 500", "last 500"]


def test_a_second_failure_skips_what_is_left_and_loses_the_session(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []
    client = failing_app(seen, 2, ValueError).test_client()
    assert client.get("/write").status_code == 500
    assert seen == ["first 200", "fails", "first 500", "fails"]
    assert caplog.messages == [
        "Exception on /write [GET]",
        on_the_page("Request finalizing failed with an error while handling an error"),
    ]
    assert client.get("/read").json == {}


# Teardown


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Keep every connection that the snippet opens."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def keep(path: str) -> sqlite3.Connection:
        opened.append(connect(path))
        return opened[-1]

    monkeypatch.setattr(connection.sqlite3, "connect", keep)
    return opened


def is_closed(opened: sqlite3.Connection) -> bool:
    try:
        opened.execute("select 1")
    except sqlite3.ProgrammingError as error:
        return str(error) == "Cannot operate on a closed database."
    return False


@pytest.mark.parametrize(("path", "status"), [("/answer", 200), ("/broken", 500)])
def test_teardown_closes_whatever_happened(
    path: str, status: int, connections: list[sqlite3.Connection]
) -> None:
    answer = send(connection.app, path)
    assert answer.status_code == status
    assert [is_closed(opened) for opened in connections] == [True]


def test_what_is_not_opened_is_not_closed(connections: list[sqlite3.Connection]) -> None:
    assert send(connection.app, "/nowhere").status_code == 404
    assert connections == []
    assert send(connection.app, "/answer").text == "The answer is 42"


def test_one_request_has_one_connection(connections: list[sqlite3.Connection]) -> None:
    with connection.app.app_context():
        assert connection.database() is connection.database()
    assert len(connections) == 1


def test_what_teardown_returns_is_ignored() -> None:
    app = new_app()
    app.teardown_request(lambda error: "Another answer")  # type: ignore[arg-type, return-value]
    assert send(app).text == "Front page"


def test_teardown_appcontext_runs_for_commands_too_and_teardown_request_does_not() -> None:
    app, seen = new_app(), []
    app.teardown_request(lambda error: seen.append("request"))
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.cli.command("work")(lambda: None)
    assert app.test_cli_runner().invoke(args=["work"]).exit_code == 0
    assert seen == ["appcontext"]
    with app.app_context():
        pass
    assert seen == ["appcontext"] * 2
    send(app)
    assert seen == ["appcontext"] * 2 + ["request", "appcontext"]


def test_request_and_g_can_be_read_in_both_teardowns() -> None:
    app, seen = new_app(), []
    app.before_request(lambda: setattr(g, "word", "kept"))
    app.teardown_request(lambda error: seen.append((request.path, g.word)))
    app.teardown_appcontext(lambda error: seen.append(g.word))
    send(app)
    assert seen == [("/", "kept"), "kept"]


# What error it gets


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/fine", 200, "None"),
        ("/missing", 404, "None"),
        ("/handled", 400, "None"),
        ("/unhandled", 500, "ValueError('colour')"),
    ],
)
def test_teardown_gets_the_error_that_nobody_handled(path: str, status: int, error: str) -> None:
    client = teardown_error.app.test_client()
    assert client.get(path).status_code == status
    assert client.get("/given").text == f"{path} {error}"


def test_a_commit_in_teardown_saves_half_of_the_work() -> None:
    app = new_app()
    database = sqlite3.connect(":memory:")
    database.execute("create table moved (name text)")
    database.commit()

    @app.teardown_appcontext
    def commit(error: BaseException | None) -> None:
        if error is None:
            database.commit()
        else:
            database.rollback()

    @app.get("/move")
    def move() -> str:
        database.execute("insert into moved values ('half')")
        raise KeyError

    app.register_error_handler(KeyError, lambda error: ("Failed", 400))
    assert send(app, "/move").status_code == 400
    database.rollback()
    assert database.execute("select name from moved").fetchall() == [("half",)]
    database.close()


def test_closing_a_connection_rolls_back(tmp_path: Path) -> None:
    path = tmp_path / "moved.db"
    for commit in (True, False):
        database = sqlite3.connect(path)
        database.execute("create table if not exists moved (name text)")
        database.execute("insert into moved values ('row')")
        if commit:
            database.commit()
        database.close()
    database = sqlite3.connect(path)
    assert database.execute("select count(*) from moved").fetchone() == (1,)
    database.close()


def test_a_failing_teardown_throws_the_response_away() -> None:
    app, seen = new_app(), []
    app.register_error_handler(Exception, lambda error: seen.append("handler") or "")
    app.register_error_handler(500, lambda error: seen.append("handler") or "")
    app.teardown_appcontext(lambda error: seen.append("appcontext"))
    app.teardown_request(lambda error: seen.append("left out"))
    app.teardown_request(lambda error: [][1])
    with pytest.raises(IndexError):
        send(app)
    with served(app) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/")
        assert client.getresponse().status == 500
        client.close()
    assert seen == ["appcontext", "appcontext"]


# Streaming


def streaming_app(seen: list[str], with_context: bool) -> Flask:
    app = new_app()

    @app.teardown_request
    def teardown(error: BaseException | None) -> None:
        seen.append("teardown")

    @app.get("/stream")
    def stream() -> Iterator[str]:
        def parts() -> Iterator[str]:
            seen.append("body")
            yield request.path

        return stream_with_context(parts()) if with_context else parts()

    return app


def test_teardown_comes_before_a_streamed_body() -> None:
    seen: list[str] = []
    with pytest.raises(RuntimeError) as caught:
        send(streaming_app(seen, with_context=False), "/stream")
    assert str(caught.value).splitlines()[0] == on_the_page("Working outside of request context.")
    assert seen == ["teardown", "body"]


def test_stream_with_context_brings_the_request_back_and_a_second_teardown() -> None:
    seen: list[str] = []
    assert send(streaming_app(seen, with_context=True), "/stream").text == "/stream"
    assert seen == ["teardown", "body", "teardown"]


def test_a_connection_is_opened_again_for_a_stream_and_closed_again(
    connections: list[sqlite3.Connection],
) -> None:
    app = new_app()
    app.teardown_appcontext(connection.close_database)
    app.config["DATABASE"] = ":memory:"

    @app.get("/stream")
    def stream() -> Iterator[str]:
        connection.database()

        def parts() -> Iterator[str]:
            yield str(connection.database().execute("select 6 * 7").fetchone()[0])

        return stream_with_context(parts())

    assert send(app, "/stream").text == "42"
    assert [is_closed(opened) for opened in connections] == [True, True]


def test_teardown_runs_again_at_the_end_of_with_client() -> None:
    app, seen = new_app(), []
    app.teardown_request(lambda error: seen.append("teardown"))
    with app.test_client() as client:
        client.get("/")
        assert seen == ["teardown"]
    assert seen == ["teardown", "teardown"]


# Error handlers


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/buy/tea/2", 200, "Bought tea"),
        ("/buy/tea/4", 409, "Only 3 left"),
        ("/buy/gold/1", 404, "We do not have that"),
        ("/sell/gold", 404, "Ask at the counter"),
    ],
)
def test_handlers_for_an_own_class_a_base_class_and_all_http_errors(
    path: str, status: int, text: str
) -> None:
    answer = send(handler_classes.app, path, "POST")
    assert answer.status_code == status
    assert text in answer.text


def test_a_handler_sees_what_a_before_request_function_raises() -> None:
    app = new_app()
    app.before_request(lambda: {}["missing"])
    app.register_error_handler(KeyError, lambda error: ("Handled", 400))
    assert send(app).text == "Handled"


def test_a_class_stands_for_its_subclasses() -> None:
    assert issubclass(KeyError, LookupError)
    assert "LookupError" in PAGE


@pytest.mark.parametrize(("registered", "replaced"), [(404, NotFound), (NotFound, 404)])
def test_a_code_and_its_class_are_the_same(registered: Any, replaced: Any) -> None:
    app = new_app()
    app.register_error_handler(replaced, lambda error: ("first", 404))
    app.register_error_handler(registered, lambda error: ("second", 404))
    assert send(app, "/nowhere").text == "second"


def test_register_error_handler_serves_several_codes_in_a_loop() -> None:
    app = new_app()
    for code in (404, 405):
        app.register_error_handler(code, lambda error: (f"Sorry, {error.code}", error.code))
    assert [send(app, "/x").text, send(app, "/", "POST").text] == ["Sorry, 404", "Sorry, 405"]


# What status a handler answers


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/secret", 200, "403 error"),
        ("GET", "/nowhere", 404, "404 error"),
        ("POST", "/page", 405, "<p>405 error</p>"),
        ("GET", "/old", 410, "410 error"),
        ("GET", "/page", 200, "Page"),
    ],
)
def test_a_handler_answers_the_status_it_returns(
    method: str, path: str, status: int, text: str
) -> None:
    answer = send(handler_status.app, path, method)
    assert answer.status_code == status
    assert text in answer.text


@pytest.mark.parametrize(
    ("value", "status", "kept"),
    [
        ("text", 200, False),
        ({"error": "text"}, 200, False),
        (("text", 405), 405, False),
        (None, 405, True),
    ],
)
def test_only_the_error_itself_keeps_status_and_headers(
    value: Any, status: int, kept: bool
) -> None:
    app = new_app()
    app.register_error_handler(405, lambda error: error if value is None else value)
    answer = send(app, "/", "POST")
    assert (answer.status_code, "Allow" in answer.headers) == (status, kept)


def test_a_rendered_template_alone_answers_200() -> None:
    app = new_app()
    app.register_error_handler(404, lambda error: render_template_string("No such page"))
    assert send(app, "/nowhere").status == "200 OK"


# Which handler is chosen


@pytest.mark.parametrize(
    ("path", "status", "handler"),
    [
        ("/shop/abort/403", 403, "blueprint, code"),
        ("/shop/abort/404", 404, "application, code"),
        ("/shop/abort/418", 418, "blueprint, HTTPException"),
        ("/shop/raise/KeyError", 500, "blueprint, LookupError"),
        ("/shop/raise/IndexError", 500, "blueprint, LookupError"),
        ("/shop/raise/OSError", 500, "application, OSError"),
        ("/shop/nowhere", 404, "application, code"),
    ],
)
def test_the_four_places_are_searched_in_order(path: str, status: int, handler: str) -> None:
    answer = send(handler_choice.app, path)
    assert (answer.status_code, answer.text) == (status, handler)


def test_a_405_without_a_code_handler_goes_to_the_applications_class() -> None:
    assert send(handler_choice.app, "/shop/abort/403", "POST").text == "application, HTTPException"


@pytest.mark.parametrize("what", [404, KeyError])
def test_the_inner_blueprint_comes_first(what: Any) -> None:
    app, outer, inner = new_app(), Blueprint("outer", "outer"), Blueprint("inner", "inner")
    status = 404

    @inner.get("/fail")
    def fail() -> str:
        raise (NotFound if what == 404 else KeyError)

    for owner, name in ((app, "application"), (outer, "outer"), (inner, "inner")):
        owner.register_error_handler(what, lambda error, name=name: (name, status))
    outer.register_blueprint(inner)
    app.register_blueprint(outer)
    assert send(app, "/fail").text == "inner"


def test_within_one_place_the_nearest_class_wins() -> None:
    app = new_app()
    app.register_error_handler(Exception, lambda error: ("Exception", 500))
    app.register_error_handler(LookupError, lambda error: ("LookupError", 500))
    app.add_url_rule("/fail", "fail", lambda: {}["missing"])
    assert send(app, "/fail").text == "LookupError"


def test_the_404_handler_of_a_blueprint_is_for_abort_in_its_views() -> None:
    app, shop = new_app(), Blueprint("shop", "shop", url_prefix="/shop")
    shop.register_error_handler(404, lambda error: ("Not in the shop", 404))
    shop.add_url_rule("/gone", "gone", lambda: abort(404))
    app.register_blueprint(shop)
    assert send(app, "/shop/gone").text == "Not in the shop"
    assert "Not in the shop" not in send(app, "/shop/nowhere").text


@pytest.mark.parametrize("mode", ["", "debug", "testing"])
def test_a_handler_for_exception_turns_404_into_500_and_hides_bugs(
    mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = new_app(debug=mode == "debug", testing=mode == "testing")
    app.register_error_handler(Exception, lambda error: ("Sorry", 500))
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    sent: list[Exception] = []
    with got_request_exception.connected_to(
        lambda sender, exception, **_: sent.append(exception), app
    ):
        assert [send(app, path).status_code for path in ("/nowhere", "/bug")] == [500, 500]
    assert (sent, caplog.messages) == ([], [])


# JSON errors for an API


@pytest.mark.parametrize(
    ("method", "path", "code", "name", "description"),
    [
        ("GET", "/api/notes/12", 404, "Not Found", "There are nine notes."),
        ("GET", "/api/nowhere", 404, "Not Found", NotFound.description),
        ("POST", "/api/notes/1", 405, "Method Not Allowed", None),
        ("GET", "/api/notes/0", 500, "Internal Server Error", InternalServerError.description),
    ],
)
def test_every_error_of_the_api_is_json(
    method: str, path: str, code: int, name: str, description: str | None
) -> None:
    answer = send(json_errors.app, path, method)
    assert (answer.status_code, answer.headers.getlist("Content-Type")) == (
        code,
        ["application/json"],
    )
    description = description or "The method is not allowed for the requested URL."
    assert answer.json == {"code": code, "name": name, "description": description}


def test_other_headers_of_the_error_are_passed_on() -> None:
    assert set(send(json_errors.app, "/api/notes/1", "POST").allow) == {"GET", "HEAD", "OPTIONS"}


def test_other_pages_keep_their_html() -> None:
    answer = send(json_errors.app, "/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert send(json_errors.app, "/api/notes/4").json == {"number": 4, "share": 0.25}


def test_a_redirect_of_a_slash_and_a_finished_response_go_past_handlers() -> None:
    app, seen = new_app(), []
    app.register_error_handler(HTTPException, lambda error: seen.append(error) or error)
    app.add_url_rule("/folder/", "folder", lambda: "")
    app.add_url_rule("/finished", "finished", lambda: abort(Response("Finished", 409)))
    assert [send(app, path).status_code for path in ("/folder", "/finished")] == [308, 409]
    assert seen == []


# A page for bugs


def test_a_handler_for_500_gets_an_internal_server_error() -> None:
    app = new_app()
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.add_url_rule("/asked-for", "asked", lambda: abort(500))
    got: list[InternalServerError] = []
    app.register_error_handler(500, lambda error: (got.append(error) or "Sorry", 500))
    for path in ("/bug", "/asked-for"):
        send(app, path)
    assert [type(error) for error in got] == [InternalServerError, InternalServerError]
    assert type(got[0].original_exception) is ZeroDivisionError
    assert got[1].original_exception is None


def test_the_page_for_bugs_names_the_request_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answer = send(server_error.app, "/bug")
    assert (answer.status_code, answer.text) == (500, "Something broke. We have been told.")
    number = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    assert caplog.messages == [
        on_the_page("Exception on /bug [GET]"),
        f"request {number}: ZeroDivisionError('division by zero')",
    ]
    assert caplog.records[0].exc_info is not None
    caplog.clear()
    assert send(server_error.app, "/asked-for").status_code == 500
    assert caplog.messages == []


def test_an_error_in_an_error_handler_ends_at_500() -> None:
    app = new_app()
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.register_error_handler(ZeroDivisionError, lambda error: {}["missing"])
    app.register_error_handler(500, lambda error: (repr(error.original_exception), 500))
    assert send(app, "/bug").text == "KeyError('missing')"


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_debug_and_testing_pass_the_error_on_unless_propagation_is_off(mode: str) -> None:
    def app(**config: bool) -> Flask:
        made = new_app(**{mode: True})
        made.config.update(config)
        made.add_url_rule("/bug", "bug", lambda: 1 / 0)
        made.add_url_rule("/handled", "handled", lambda: {}["missing"])
        made.register_error_handler(500, lambda error: ("Sorry", 500))
        made.register_error_handler(KeyError, lambda error: ("Handled", 400))
        made.register_error_handler(404, lambda error: ("No page", 404))
        return made

    with pytest.raises(ZeroDivisionError):
        send(app(), "/bug")
    assert send(app(PROPAGATE_EXCEPTIONS=False), "/bug").text == "Sorry"
    assert [send(app(), path).text for path in ("/handled", "/nowhere")] == ["Handled", "No page"]


# Template globals, filters and tests


def render(app: Flask, template: str, **values: Any) -> str:
    """Render a template in a request of its own."""
    with app.test_request_context():
        return render_template_string(template, **values)


def test_the_notes_calls_give_3_and_6() -> None:
    assert send(template_helpers.app).text == "Proven Flask: 3, 6, True"
    assert render(template_helpers.app, "{{ sb(1,2) }}") == "3"
    assert render(template_helpers.app, "{{ 1|db(2,3) }}") == "6"
    for call in ("`{{ sb(1,2) }}`", "`{{ 1|db(2,3) }}`"):
        assert call in PAGE


def test_the_calls_of_the_table_work() -> None:
    calls = {row[0]: row[2].strip("`").replace("\\|", "|") for row in rows("template-helpers")}
    assert calls == {
        "`template_global`": "sb(1,2)",
        "`template_filter`": "1|db(2,3)",
        "`template_test`": "6 is above(5)",
        "`context_processor`": "site",
    }
    shown = [render(template_helpers.app, f"{{{{ {call} }}}}") for call in calls.values()]
    assert shown == ["3", "6", "True", "Proven Flask"]


def test_a_context_processor_is_called_for_each_template() -> None:
    app, numbers = new_app(), iter(range(9))
    app.context_processor(lambda: {"number": next(numbers)})
    assert [render(app, "{{ number }}") for _ in range(2)] == ["0", "1"]


def test_a_name_of_jinja_is_replaced_without_a_word() -> None:
    app = new_app()
    assert render(app, "{{ 'a'|upper }}") == "A"
    app.template_filter()(lambda text: "mine")
    app.add_template_filter(lambda text: "mine", "upper")
    assert render(app, "{{ 'a'|upper }}") == "mine"


def test_helpers_of_a_blueprint_hold_for_all_templates() -> None:
    app, blueprint = new_app(), Blueprint("b", "b")
    blueprint.app_template_global("twice")(lambda number: number * 2)
    blueprint.app_template_filter("half")(lambda number: number // 2)
    blueprint.app_template_test("big")(lambda number: number > 9)
    app.register_blueprint(blueprint)
    assert render(app, "{{ twice(4) }} {{ 4|half }} {{ 4 is big }}") == "8 2 False"
    for name in ("template_global", "template_filter", "template_test"):
        assert not hasattr(Blueprint, name)


@pytest.mark.parametrize(
    ("template", "error", "message"),
    [
        ("{{ 1|db(2,3) }}", jinja2.TemplateAssertionError, "No filter named 'db'."),
        ("{{ 6 is above(5) }}", jinja2.TemplateAssertionError, "No test named 'above'."),
        ("{{ sb(1,2) }}", jinja2.UndefinedError, "'sb' is undefined"),
    ],
)
def test_what_is_not_registered_is_missed_with_these_words(
    template: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        render(new_app(), template)
    assert str(caught.value) == on_the_page(message)
    assert f"{error.__module__}.{error.__name__}: {message}" in PAGE or error.__name__ == (
        "TemplateAssertionError"
    )


def test_a_filter_decorator_without_parentheses_registers_nothing() -> None:
    app = new_app()
    before = dict(app.jinja_env.filters)
    app.template_filter(lambda number: number)  # type: ignore[arg-type]
    assert app.jinja_env.filters == before


# Which value wins


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/argument", "ARGUMENT!"),
        ("/shop", "BLUEPRINT!"),
        ("/", "APPLICATION!"),
        ("/macro", "GLOBAL!"),
    ],
)
def test_the_nearest_value_wins(path: str, place: str) -> None:
    assert send(template_scope.app, path).text == place


def test_a_macro_imported_with_context_sees_context_processors() -> None:
    template = '{% from "macros.html" import where with context %}{{ where() }}'
    assert render(template_scope.app, template) == "APPLICATION!"


def test_the_view_decides_which_context_processors_run_and_not_the_template() -> None:
    app, shop = new_app(), Blueprint("shop", "shop")
    app.jinja_loader = DictLoader({"page.html": "{{ place }}"})
    shop.context_processor(lambda: {"place": "shop"})
    shop.add_url_rule("/shop", "shop", lambda: flask.render_template("page.html"))
    app.add_url_rule("/other", "other", lambda: flask.render_template("page.html"))
    app.register_blueprint(shop)
    assert [send(app, path).text for path in ("/shop", "/other")] == ["shop", ""]


def test_a_context_processor_without_return_is_a_type_error() -> None:
    app = new_app()
    app.context_processor(lambda: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError) as caught:
        render(app, "")
    assert str(caught.value) == on_the_page("'NoneType' object is not iterable")


# Values from the URL


def test_the_language_is_taken_out_and_put_back() -> None:
    for language in ("en", "zh"):
        assert send(url_values.app, f"/{language}/about").json == {
            "language": language,
            "about": f"/{language}/about",
            "front page": "/",
        }
    assert send(url_values.app).location == "/en/about"
    assert send(url_values.app, "/fr/about").status_code == 404


def test_preprocessors_run_before_all_before_request_functions_and_for_unknown_urls() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    app.before_request(lambda: seen.append("before"))
    app.url_value_preprocessor(lambda endpoint, values: seen.append((endpoint, values)))
    blueprint.url_value_preprocessor(lambda endpoint, values: seen.append("blueprint"))
    blueprint.add_url_rule("/<name>/", "view", lambda name: name)
    app.register_blueprint(blueprint)
    send(app, "/ada/")
    assert seen == [("b.view", {"name": "ada"}), "blueprint", "before"]
    seen.clear()
    send(app, "/no/where")
    assert seen == [(None, None), "before"]


def test_url_defaults_of_a_blueprint_see_its_endpoints_only() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", "b"), []
    app.url_defaults(lambda endpoint, values: seen.append(("application", endpoint)))
    blueprint.url_defaults(lambda endpoint, values: seen.append(("blueprint", endpoint)))
    blueprint.add_url_rule("/view", "view", lambda: "")
    app.register_blueprint(blueprint)
    with app.test_request_context():
        url_for("front")
        url_for("b.view")
    assert seen == [("application", "front"), ("application", "b.view"), ("blueprint", "b.view")]


# Instead of before_first_request


def test_what_has_to_be_done_once_is_done_before_the_first_request() -> None:
    app = at_start.create_app()
    assert app.config["RATES"]["EUR"] == 7.9
    assert send(app, "/rates/EUR").json == {"EUR": 7.9}


def test_a_hook_with_a_lock_loads_once() -> None:
    client = once.app.test_client()
    for path in ("/one", "/two"):
        assert client.get(path).json == {"loaded for": ["/one"]}


def test_many_threads_at_once_load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load, entered, go_on = once.load, threading.Event(), threading.Event()

    def slow_load() -> None:
        entered.set()
        assert go_on.wait(10)
        load()

    monkeypatch.setattr(once, "load", slow_load)
    threads = [threading.Thread(target=send, args=(once.app, f"/{n}")) for n in range(5)]
    threads[0].start()
    assert entered.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert once.loaded == ["/0"]


def test_a_thread_that_comes_second_finds_the_work_done() -> None:
    # the second look, inside the lock: somebody else finished while this thread waited
    class Finishing:
        def __enter__(self) -> None:
            once.ready.set()

        def __exit__(self, *args: object) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(once, "lock", Finishing())
        assert send(once.app, "/late").json == {"loaded for": []}


def test_each_process_loads_once() -> None:
    code = (
        "from snippets.hooks.once import app, loaded\n"
        "for _ in range(2): app.test_client().get('/page')\n"
        "print(loaded)"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "['/page']"


def test_after_a_failure_the_next_request_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(once, "load", fail)
        assert send(once.app, "/one").status_code == 500
    assert send(once.app, "/two").json == {"loaded for": ["/two"]}


@pytest.mark.parametrize(
    ("owner", "name", "message"),
    [
        (
            new_app(),
            "before_first_request",
            "'Flask' object has no attribute 'before_first_request'",
        ),
        (
            Blueprint("b", "b"),
            "before_app_first_request",
            "'Blueprint' object has no attribute 'before_app_first_request'",
        ),
    ],
)
def test_before_first_request_is_gone(owner: Any, name: str, message: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    assert str(caught.value) == on_the_page(message)


def test_a_hook_that_removes_itself_skips_the_next_one() -> None:
    app, seen = new_app(), []

    @app.before_request
    def init() -> None:
        app.before_request_funcs[None].remove(init)

    app.before_request(lambda: seen.append("log-in checked"))
    client = app.test_client()
    client.get("/")
    assert seen == []
    client.get("/")
    assert seen == ["log-in checked"]


def test_a_hook_that_removes_itself_fails_in_the_second_of_two_threads() -> None:
    app, both, errors = new_app(testing=True), threading.Barrier(2), []

    @app.before_request
    def init() -> None:
        both.wait(10)
        app.before_request_funcs[None].remove(init)

    def request_it() -> None:
        try:
            send(app)
        except ValueError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=request_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert errors == [on_the_page("list.remove(x): x not in list")]


# Async hooks


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


def test_async_does_not_work_for_preprocessors_and_template_helpers() -> None:
    app, ran = new_app(), []

    async def run(*args: Any) -> int:
        ran.append(args)
        return 1

    app.url_value_preprocessor(run)  # type: ignore[arg-type, type-var]
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
    assert re.fullmatch(r"(&lt;coroutine object .+?&gt;\|){2}yes", text)
    assert ran == []
    assert {str(warning.message) for warning in caught} == {
        f"coroutine '{run.__qualname__}' was never awaited"
    }


# How it works inside


def test_each_kind_is_a_dictionary_by_blueprint() -> None:
    app = nested_order.app
    for functions in (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
    ):
        assert [(name, len(functions[name])) for name in functions] == [
            (None, 2),
            ("shop", 2),
            ("shop.cart", 2),
        ]
    with app.test_request_context("/shop/cart/"):
        assert request.blueprints == ["shop.cart", "shop"]


def test_the_steps_inside_come_in_the_order_of_the_page() -> None:
    called: list[str] = []

    class Recorder(Flask):
        def __getattribute__(self, name: str) -> Any:
            if name in names:
                called.append(name)
            return super().__getattribute__(name)

    names = re.findall(
        r"\{py:meth\}`(?:~?flask\.Flask\.)(\w+)`",
        PAGE.split("(hooks-inside)=")[1].split("\n(")[0],
    )
    assert names == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "handle_user_exception",
        "process_response",
        "handle_exception",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]
    app = Recorder("recorder", static_folder=None)
    app.add_url_rule("/bug", "bug", lambda: 1 / 0)
    app.add_url_rule("/", "front", lambda: "")
    send(app)
    assert called == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "process_response",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]
    called.clear()
    send(app, "/bug")
    assert called == [
        "full_dispatch_request",
        "preprocess_request",
        "dispatch_request",
        "handle_user_exception",
        "handle_exception",
        "process_response",
        "do_teardown_request",
        "do_teardown_appcontext",
    ]


# Test a hook


def test_a_request_context_runs_no_hook_until_it_ends() -> None:
    app, steps = new_app(), []
    trace(app, steps, "app")
    with app.test_request_context():
        assert steps == []
    assert steps == ["teardown app"]


def test_preprocess_request_returns_the_answer_of_a_hook() -> None:
    with stopping.app.test_request_context():
        assert stopping.app.preprocess_request() == ("Back soon", 503, {"Retry-After": "600"})
    with smallest.app.test_request_context(headers={"Accept-Language": "zh"}):
        assert smallest.app.preprocess_request() is None
        response = smallest.app.process_response(smallest.app.make_response(""))
        assert response.headers["Content-Language"] == "zh"


# Pitfalls


def test_parentheses_too_many_are_refused() -> None:
    message = on_the_page("Scaffold.before_request() missing 1 required positional argument: 'f'")
    with pytest.raises(TypeError) as caught:
        new_app().before_request()  # type: ignore[call-arg]
    assert str(caught.value) == message


def test_hooks_take_the_function_and_helpers_take_a_name() -> None:
    for name in ("before_request", "after_request", "teardown_request", "context_processor"):
        assert list(inspect.signature(getattr(Scaffold, name)).parameters) == ["self", "f"]
    for name in ("template_global", "template_filter", "template_test"):
        assert list(inspect.signature(getattr(Flask, name)).parameters) == ["self", "name"]


def test_errorhandler_without_its_argument_registers_nothing() -> None:
    app = new_app()
    app.errorhandler(lambda error: ("Never", 404))  # type: ignore[arg-type]
    assert "Never" not in send(app, "/nowhere").text


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


@pytest.mark.parametrize("code", [402, 301, 200])
def test_a_code_without_a_class_is_refused(code: int) -> None:
    assert code not in default_exceptions
    with pytest.raises(ValueError) as caught:
        new_app().register_error_handler(code, lambda error: "")
    message = (
        f"'{code}' is not a recognized HTTP error code."
        " Use a subclass of HTTPException with that code instead."
    )
    assert str(caught.value) == message
    on_the_page(message.replace(str(code), "402"))


def test_a_class_of_ones_own_brings_its_code() -> None:
    class PaymentRequired(HTTPException):
        code = 402

    app = new_app()
    app.register_error_handler(PaymentRequired, lambda error: ("Pay first", 402))

    @app.get("/buy")
    def buy() -> str:
        raise PaymentRequired

    answer = send(app, "/buy")
    assert (answer.status_code, answer.text) == (402, "Pay first")


@pytest.mark.parametrize("code", ["404", (404, 410)])
def test_a_string_or_several_codes_are_refused(code: Any) -> None:
    with pytest.raises(TypeError) as caught:
        new_app().errorhandler(code)(lambda error: "")
    assert str(caught.value) == on_the_page("issubclass() arg 1 must be a class")


def test_an_instance_is_refused() -> None:
    with pytest.raises(TypeError) as caught:
        new_app().register_error_handler(ValueError(), lambda error: "")  # type: ignore[arg-type]
    assert str(caught.value) == on_the_page(
        "ValueError() is an instance, not a class. Handlers can only be registered for Exception"
        " classes or HTTP error codes."
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


# Then and now


def test_the_notes_hooks_end_every_request_with_a_type_error() -> None:
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


def test_the_notes_handler_for_404_answers_200() -> None:
    app = new_app()

    @app.errorhandler(404)
    def error_404(arg: NotFound) -> str:
        return "404 error"

    answer = send(app, "/nowhere")
    assert (answer.status_code, answer.text) == (200, "404 error")


def test_the_notes_indentation_is_refused() -> None:
    code = """
@app.template_global()
    def sb(a1, a2):
        return a1 + a2


    @app.template_filter()
    def db(a1, a2, a3):
        return a1 + a2 + a3
"""
    with pytest.raises(IndentationError) as caught:
        compile(code, "notes", "exec")
    assert caught.value.msg == on_the_page("unexpected indent")


def test_old_names_are_gone() -> None:
    for name in ("got_first_request", "error_handlers", "before_first_request"):
        assert not hasattr(new_app(), name)
        assert f"{name}" in PAGE


def test_preserve_context_on_exception_has_no_effect() -> None:
    assert "PRESERVE_CONTEXT_ON_EXCEPTION" not in Flask.default_config
    steps: list[str] = []
    app = traced_app(steps, debug=True)
    app.config["PRESERVE_CONTEXT_ON_EXCEPTION"] = True
    with pytest.raises(ValueError, match=r"^bug$"):
        send(app, "/bug")
    assert steps[-1] == "teardown ValueError('bug')"
