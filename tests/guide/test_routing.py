"""Every claim of the page on routing, proved."""

import http.client
import os
import re
import subprocess
import sys
import textwrap
import threading
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, current_app, render_template_string, request, url_for
from flask.cli import ScriptInfo, run_command
from flask.debughelpers import FormDataRoutingRedirect
from flask.views import MethodView, View
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import (
    AnyConverter,
    BuildError,
    FloatConverter,
    IntegerConverter,
    Map,
    MapAdapter,
    PathConverter,
    RequestRedirect,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from snippets.routing import (
    aliases,
    answers,
    automatic_methods,
    building_urls,
    chinese_urls,
    decorator_order,
    defaults,
    doubled_slashes,
    endpoints,
    hosts,
    inspecting,
    method_views,
    methods,
    outside_request,
    precedence,
    redirect_to,
    smallest,
    subdomains,
    trailing_slashes,
    two_ways,
    view_classes,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/guide/routing.md").read_text(encoding="utf-8")
ALLOWED = {"GET", "HEAD", "OPTIONS"}


def send(app: Flask, path: str, method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own."""
    return app.test_client().open(path, method=method, **options)


def new_app(*, testing: bool = True, **options: Any) -> Flask:
    """Return an application with no route."""
    app = Flask("routing-test", static_folder=None, **options)
    app.testing = testing
    return app


def view(**values: Any) -> dict[str, Any]:
    """Answer with the values that routing found."""
    return values


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


# The smallest application


def test_a_fixed_path_leads_to_its_view() -> None:
    assert send(smallest.app, "/").text == "Front page"


def test_a_variable_arrives_as_a_keyword_argument() -> None:
    assert send(smallest.app, "/users/阿达").text == "Profile of 阿达"


def test_a_string_variable_takes_one_segment_whatever_is_in_it() -> None:
    assert send(smallest.app, "/users/a.b-c;d,e").text == "Profile of a.b-c;d,e"
    assert send(smallest.app, "/users/a/b").status_code == 404
    assert send(smallest.app, "/users/").status_code == 404


@pytest.mark.parametrize(
    ("app", "path"),
    [
        (smallest.app, "/users/<b>"),
        (doubled_slashes.app, "/fetch/<b>"),
        (chinese_urls.app, "/标签/<b>/"),
        (chinese_urls.app, "/files/<b>"),
        (chinese_urls.app, "/trees/<b>"),
    ],
)
def test_text_from_the_url_is_escaped(app: Flask, path: str) -> None:
    answer = send(app, path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "&lt;b&gt;" in answer.text
    assert "<b>" not in answer.text


def test_an_int_variable_is_an_int_and_takes_digits_only() -> None:
    assert send(smallest.app, "/notes/41").text == "Note 41, the next one is 42"
    assert send(smallest.app, "/notes/one").status_code == 404
    assert send(smallest.app, "/notes/-1").status_code == 404


# Decorator and add_url_rule


def test_the_decorator_and_add_url_rule_make_the_same_rule() -> None:
    login, logout = (
        next(two_ways.app.url_map.iter_rules(endpoint)) for endpoint in ("login", "logout")
    )
    assert (login.rule, logout.rule) == ("/login", "/logout")
    assert login.methods == logout.methods == {"GET", "HEAD", "OPTIONS", "POST"}
    assert login.get_empty_kwargs() | {"endpoint": ""} == logout.get_empty_kwargs() | {
        "endpoint": ""
    }


def test_both_ways_answer() -> None:
    assert send(two_ways.app, "/login", "POST").text == "Log in"
    assert send(two_ways.app, "/logout", "POST").text == "Log out"


def test_route_calls_add_url_rule() -> None:
    calls: list[tuple[Any, ...]] = []

    class Recorder(Flask):
        def add_url_rule(self, *args: Any, **options: Any) -> None:
            calls.append((*args, options))

    app = Recorder("recorder", static_folder=None)
    app.route("/x", methods=["PUT"])(view)
    assert calls == [("/x", None, view, {"methods": ["PUT"]})]


def test_route_gives_the_function_back_unchanged() -> None:
    app = new_app()
    assert app.route("/x")(view) is view
    assert two_ways.login() == "Log in"


def test_one_function_may_have_several_routes() -> None:
    app = new_app()
    app.route("/a")(app.route("/b")(view))
    assert [send(app, path).status_code for path in ("/a", "/b")] == [200, 200]


def test_a_guard_below_route_guards() -> None:
    app = decorator_order.app
    assert send(app, "/accounts").status_code == 401
    assert send(app, "/accounts", auth=("ada", "secret")).text == "For members"


def test_a_guard_above_route_guards_nothing() -> None:
    app = decorator_order.app
    answer = send(app, "/salaries")
    assert (answer.status_code, answer.text) == (200, "For members, or so we thought")
    # the name in the module is guarded, the function that Flask knows is not
    assert app.view_functions["salaries"] is not decorator_order.salaries
    assert app.view_functions["accounts"] is decorator_order.accounts


# Parameters


def test_the_table_names_every_parameter_of_a_rule() -> None:
    rows = [line.split("|")[1].strip(" `") for line in PAGE.splitlines() if line.startswith("| `")]
    taken = Flask.add_url_rule.__annotations__.keys() | Rule.__init__.__annotations__.keys()
    # Rule calls `rule` string; `options` are the parameters of Rule
    assert set(rows) == taken - {"string", "options", "return"}


def test_what_a_parameter_is_if_left_out() -> None:
    app = new_app()
    app.route("/x")(view)
    rule = next(app.url_map.iter_rules())
    assert (rule.endpoint, rule.methods) == ("view", ALLOWED)
    assert (rule.strict_slashes, rule.merge_slashes) == (True, True)
    assert (rule.alias, rule.build_only, rule.websocket) == (False, False, False)
    assert (rule.defaults, rule.redirect_to, rule.subdomain, rule.host) == (None, None, "", None)


def test_shortcuts_take_every_option_but_methods() -> None:
    app = new_app()
    app.get("/x/", endpoint="y", defaults={"n": 1}, strict_slashes=False)(view)
    rule = next(app.url_map.iter_rules("y"))
    assert (rule.defaults, rule.strict_slashes) == ({"n": 1}, False)


def test_view_func_is_the_function_and_not_its_name() -> None:
    message = on_the_page("'str' object has no attribute '__name__'")
    with pytest.raises(AttributeError) as caught:
        new_app().add_url_rule("/x", view_func="login")  # type: ignore[arg-type]
    assert str(caught.value) == message


def test_the_map_gives_the_defaults_for_slashes_when_the_rule_is_added() -> None:
    app = new_app()
    app.add_url_rule("/before/", view_func=view)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.add_url_rule("/after/", view_func=view)
    before, after = app.url_map.iter_rules("view")
    assert (before.strict_slashes, before.merge_slashes) == (True, True)
    assert (after.strict_slashes, after.merge_slashes) == (False, False)


def test_a_websocket_rule_answers_plain_http_with_400() -> None:
    app = new_app()
    app.add_url_rule("/chat", view_func=view, websocket=True)
    assert send(app, "/chat").status_code == 400


def test_a_misspelt_option_is_refused() -> None:
    message = on_the_page("Rule.__init__() got an unexpected keyword argument 'method'")
    with pytest.raises(TypeError) as caught:
        new_app().add_url_rule("/x", view_func=view, method=["POST"])
    # Python 3.13 adds a guess
    assert str(caught.value).removesuffix(". Did you mean 'methods'?") == message


# Defaults


def test_defaults_give_the_view_what_the_url_does_not_carry() -> None:
    answer = send(defaults.app, "/notes/").json
    assert answer == {"page": 1, "first": "/notes/", "next": "/notes/page/2"}


def test_the_long_address_of_a_default_redirects_to_the_short_one() -> None:
    answer = send(defaults.app, "/notes/page/1?sort=new")
    assert (answer.status_code, answer.location) == (308, "http://localhost/notes/?sort=new")
    assert send(defaults.app, "/notes/page/2").json["page"] == 2


def test_redirect_defaults_off_answers_both_addresses() -> None:
    app = new_app()
    app.url_map.redirect_defaults = False
    app.add_url_rule("/notes/", view_func=view, defaults={"page": 1})
    app.add_url_rule("/notes/page/<int:page>", view_func=view)
    assert send(app, "/notes/").json == send(app, "/notes/page/1").json == {"page": 1}


def test_the_query_string_does_not_change_a_default() -> None:
    assert send(defaults.app, "/notes/?page=2").json["page"] == 1


# Endpoints


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/about", "about"),
        ("/login", "sign-in"),
        ("/archive", "archive"),
        ("/archive/2024", "archive"),
        ("/archive/2024/5", "archive"),
        ("/help", "help"),
    ],
)
def test_a_url_leads_to_an_endpoint_and_back(path: str, endpoint: str) -> None:
    assert send(endpoints.app, path).json == {"endpoint": endpoint, "url": path}


def test_url_for_takes_the_rule_that_uses_the_most_values() -> None:
    with endpoints.app.test_request_context():
        assert url_for("archive") == "/archive"
        assert url_for("archive", year=2024) == "/archive/2024"
        assert url_for("archive", year=2024, month=5) == "/archive/2024/5"


def test_among_equal_rules_url_for_takes_the_first_and_the_lowest_decorator_is_first() -> None:
    app = new_app()
    app.route("/top")(app.route("/bottom")(view))
    with app.test_request_context():
        assert url_for("view") == "/bottom"


def test_an_endpoint_without_a_function_is_a_key_error_and_a_500() -> None:
    app = new_app()
    app.add_url_rule("/x", endpoint="lost")
    with pytest.raises(KeyError, match=r"^'lost'$"):
        send(app, "/x")
    app.testing = False
    assert send(app, "/x").status_code == 500


def test_two_functions_on_one_endpoint_collide() -> None:
    message = on_the_page(
        "View function mapping is overwriting an existing endpoint function: wrapper"
    )

    def logged(inner: Callable[[], str]) -> Callable[[], str]:
        def wrapper() -> str:
            return inner()

        return wrapper

    app = new_app()
    app.add_url_rule("/one", view_func=logged(lambda: "one"))
    with pytest.raises(AssertionError) as caught:
        app.add_url_rule("/two", view_func=logged(lambda: "two"))
    assert str(caught.value) == message
    app.add_url_rule("/three", endpoint="three", view_func=logged(lambda: "three"))
    assert [send(app, path).text for path in ("/one", "/three")] == ["one", "three"]


# Methods


def test_one_path_leads_to_two_functions_by_method() -> None:
    client = methods.create_app().test_client()
    assert client.get("/notes").json == ["milk"]
    added = client.post("/notes", data={"text": "bread"})
    assert (added.status_code, added.json) == (201, ["milk", "bread"])
    assert client.get("/notes").json == ["milk", "bread"]


def test_the_two_functions_have_an_endpoint_each() -> None:
    app = methods.create_app()
    assert [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/notes"] == [
        "list_notes",
        "add_note",
    ]


def test_a_route_answers_get_alone_unless_it_names_others() -> None:
    assert send(smallest.app, "/", "POST").status_code == 405
    app = methods.create_app()
    assert [send(app, "/login", method).json for method in ("GET", "POST")] == [
        {"method": "GET"},
        {"method": "POST"},
    ]


@pytest.mark.parametrize("name", ["get", "post", "put", "patch", "delete"])
def test_each_shortcut_names_one_method(name: str) -> None:
    app = new_app()
    getattr(app, name)("/x", provide_automatic_options=False)(view)
    rule = next(app.url_map.iter_rules("view"))
    assert rule.methods == {name.upper()} | ({"HEAD"} if name == "get" else set())


def test_there_is_no_shortcut_for_other_methods() -> None:
    assert not any(hasattr(Flask, name) for name in ("head", "options", "trace"))


def test_the_case_of_a_method_does_not_matter() -> None:
    app = new_app()
    app.add_url_rule("/x", view_func=view, methods=["post", "Put"])
    assert [send(app, "/x", method).status_code for method in ("POST", "PUT")] == [200, 200]


def test_methods_as_a_string_are_refused() -> None:
    message = on_the_page(
        'Allowed methods must be a list of strings, for example: @app.route(..., methods=["POST"])'
    )
    with pytest.raises(TypeError) as caught:
        new_app().route("/save", methods="POST")(view)
    assert str(caught.value) == message


def test_a_shortcut_takes_no_methods() -> None:
    message = on_the_page("Use the 'route' decorator to use the 'methods' argument.")
    with pytest.raises(TypeError) as caught:
        new_app().post("/save", methods=["PUT"])
    assert str(caught.value) == message


# HEAD and OPTIONS


def test_head_runs_the_view_and_sends_the_headers_without_the_body() -> None:
    answer = send(automatic_methods.app, "/report", "HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-View-Ran"] == "HEAD"
    assert answer.content_length == len(send(automatic_methods.app, "/report").data) == 12


def test_a_rule_without_get_has_no_head() -> None:
    assert send(methods.create_app(), "/notes", "HEAD").status_code == 200
    app = new_app()
    app.post("/x")(view)
    assert send(app, "/x", "HEAD").status_code == 405


def test_options_is_answered_without_the_view() -> None:
    answer = send(automatic_methods.app, "/report", "OPTIONS")
    assert (answer.status_code, answer.data) == (200, b"")
    assert set(answer.allow) == ALLOWED
    assert "X-View-Ran" not in answer.headers


def test_allow_lists_the_methods_of_all_rules_for_the_path() -> None:
    answer = send(methods.create_app(), "/notes", "OPTIONS")
    assert set(answer.allow) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_order_of_allow_changes_from_process_to_process() -> None:
    code = (
        "from snippets.routing.automatic_methods import app;"
        "print(app.test_client().options('/report').headers['Allow'])"
    )
    orders: set[str] = set()
    for seed in range(20):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        )
        orders.add(done.stdout.strip())
        if len(orders) > 1:
            break
    assert len(orders) == 2
    assert {frozenset(order.split(", ")) for order in orders} == {frozenset(ALLOWED)}


def test_before_request_runs_before_an_automatic_options() -> None:
    app = new_app()
    app.get("/x")(view)
    app.before_request(lambda: None if request.authorization else ("log in", 401))
    assert send(app, "/x", "OPTIONS").status_code == 401


def test_options_in_methods_is_answered_by_the_view() -> None:
    answer = send(automatic_methods.app, "/by-hand", "OPTIONS")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.headers["X-View-Ran"] == "OPTIONS"
    assert send(automatic_methods.app, "/by-hand").text == "Answered by hand"


def test_provide_automatic_options_off_refuses_options() -> None:
    answer = send(automatic_methods.app, "/refused", "OPTIONS")
    assert (answer.status_code, set(answer.allow)) == (405, {"GET", "HEAD"})
    assert send(automatic_methods.app, "/refused").text == "No OPTIONS here"


def test_the_configuration_key_refuses_options_for_routes_added_after_it() -> None:
    app = new_app()
    app.get("/before", endpoint="before")(view)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.get("/after", endpoint="after")(view)
    assert send(app, "/before", "OPTIONS").status_code == 200
    assert send(app, "/after", "OPTIONS").status_code == 405


# Trailing slashes


def test_a_folder_without_its_slash_redirects_with_308() -> None:
    answer = send(trailing_slashes.create_app(), "/reports?year=2024")
    assert (answer.status_code, answer.location) == (308, "http://localhost/reports/?year=2024")
    assert send(trailing_slashes.create_app(), "/reports/").text == "All reports"


def test_a_form_posted_without_the_slash_arrives_as_a_post() -> None:
    app = new_app()
    app.post("/reports/")(lambda: {"method": request.method, "form": request.form})
    answer = send(app, "/reports", "POST", data={"year": "2024"}, follow_redirects=True)
    assert answer.json == {"method": "POST", "form": {"year": "2024"}}
    redirect = send(trailing_slashes.create_app(), "/reports", "POST")
    assert (redirect.status_code, redirect.location) == (308, "http://localhost/reports/")


def test_a_file_with_a_slash_is_not_found() -> None:
    app = trailing_slashes.create_app()
    assert (send(app, "/about").text, send(app, "/about/").status_code) == ("About us", 404)


def test_strict_slashes_off_answers_both_spellings() -> None:
    app = trailing_slashes.create_app()
    assert send(app, "/join").text == send(app, "/join/").text == "Join us"
    folder = new_app()
    folder.add_url_rule("/folder/", view_func=view, strict_slashes=False)
    assert [send(folder, path).status_code for path in ("/folder", "/folder/")] == [200, 200]


def test_strict_slashes_on_is_the_default_and_changes_nothing_for_a_file() -> None:
    app = new_app()
    app.add_url_rule("/index", endpoint="said", view_func=view, strict_slashes=True)
    app.add_url_rule("/other", endpoint="unsaid", view_func=view)
    assert [send(app, path).status_code for path in ("/index", "/index/")] == [200, 404]
    assert [send(app, path).status_code for path in ("/other", "/other/")] == [200, 404]
    assert Map().strict_slashes is True


def test_the_map_changes_the_default_for_routes_added_after_it() -> None:
    app = new_app()
    app.add_url_rule("/early", endpoint="early", view_func=view)
    app.url_map.strict_slashes = False
    app.add_url_rule("/late", endpoint="late", view_func=view)
    assert send(app, "/early/").status_code == 404
    assert send(app, "/late/").status_code == 200


def test_url_for_gives_the_slash_of_the_rule() -> None:
    with trailing_slashes.create_app().test_request_context():
        assert (url_for("reports"), url_for("about")) == ("/reports/", "/about")


# Doubled slashes


def test_doubled_slashes_redirect_to_the_merged_path() -> None:
    answer = send(doubled_slashes.app, "/docs//intro?x=1")
    assert (answer.status_code, answer.location) == (308, "http://localhost/docs/intro?x=1")
    assert send(doubled_slashes.app, "/docs/intro").text == "Introduction"


def test_a_path_variable_keeps_the_slashes_inside_it() -> None:
    answer = send(doubled_slashes.app, "/fetch/https://example.org/a//b")
    assert answer.text == "Would fetch https://example.org/a//b"


def test_merge_slashes_off_wants_the_path_as_written() -> None:
    assert send(doubled_slashes.app, "/exact//path").status_code == 404
    assert send(doubled_slashes.app, "/exact/path").text == "One spelling only"


def test_the_map_turns_merging_off_for_routes_added_after_it() -> None:
    app = new_app()
    app.url_map.merge_slashes = False
    app.add_url_rule("/a/b", view_func=view)
    assert send(app, "/a//b").status_code == 404


# redirect_to


def test_redirect_to_as_a_string_fills_in_the_values_and_loses_the_query() -> None:
    answer = send(redirect_to.app, "/index/3?page=2")
    assert (answer.status_code, answer.location) == (308, "http://localhost/home/3")
    assert send(redirect_to.app, "/index/3", follow_redirects=True).text == "Home 3"


def test_redirect_to_as_a_function_returns_the_target() -> None:
    answer = send(redirect_to.app, "/posts/7")
    assert (answer.status_code, answer.location) == (308, "http://localhost/articles/hello-flask")
    assert send(redirect_to.app, "/articles/hello-flask").json == {"title": "hello-flask"}


def test_redirect_to_as_a_function_may_raise_an_http_exception() -> None:
    answer = send(redirect_to.app, "/posts/8")
    assert answer.status_code == 410
    assert "That article was taken down." in answer.text


def test_the_function_gets_the_adapter_and_keyword_arguments() -> None:
    seen: list[Any] = []

    def target(adapter: MapAdapter, **values: Any) -> str:
        seen.append((type(adapter), adapter.query_args, values))
        return f"/home/888?{adapter.query_args}"

    app = new_app()
    app.add_url_rule("/index/<int:nid>", endpoint="old", redirect_to=target)
    assert send(app, "/index/3?page=2").location == "http://localhost/home/888?page=2"
    assert seen == [(MapAdapter, "page=2", {"nid": 3})]


def test_redirect_to_never_calls_the_view() -> None:
    called: list[int] = []
    app = new_app()
    app.route("/index/<int:nid>", redirect_to="/home/<nid>")(called.append)
    assert send(app, "/index/3").status_code == 308
    assert called == []


def test_a_value_that_the_rule_refuses_is_not_redirected() -> None:
    assert send(redirect_to.app, "/index/three").status_code == 404


def test_a_target_counts_from_the_host_or_from_the_application() -> None:
    app = new_app()
    app.add_url_rule("/a", endpoint="a", redirect_to="/new")
    app.add_url_rule("/b", endpoint="b", redirect_to="new")
    base = "http://localhost/prefix/"
    assert send(app, "/a", base_url=base).location == "http://localhost/new"
    assert send(app, "/b", base_url=base).location == "http://localhost/prefix/new"


def test_a_rule_without_function_and_endpoint_is_refused() -> None:
    message = on_the_page("expected view func if endpoint is not provided.")
    with pytest.raises(AssertionError) as caught:
        new_app().add_url_rule("/old", redirect_to="/new")
    assert str(caught.value) == message


def test_a_converter_in_the_target_is_a_key_error_with_the_request() -> None:
    message = on_the_page("'int:nid'")
    app = new_app()
    app.add_url_rule("/index/<int:nid>", endpoint="old", redirect_to="/home/<int:nid>")
    with pytest.raises(KeyError) as caught:
        send(app, "/index/3")
    assert str(caught.value) == message


# Aliases and rules that only build


def test_an_alias_redirects_with_its_query_string() -> None:
    answer = send(aliases.app, "/u/ada?tab=photos")
    assert (answer.status_code, answer.location) == (308, "http://localhost/users/ada?tab=photos")


def test_url_for_prefers_the_main_address_and_builds_build_only_rules() -> None:
    assert send(aliases.app, "/users/ada").json == {
        "page": "/users/ada",
        "photo": "/photos/ada.jpg",
    }
    app = new_app()
    app.add_url_rule("/u/<name>", endpoint="user", alias=True)
    app.add_url_rule("/users/<name>", endpoint="user", view_func=view)
    with app.test_request_context():
        assert url_for("user", name="ada") == "/users/ada"


def test_a_build_only_rule_matches_no_request() -> None:
    assert send(aliases.app, "/photos/ada.jpg").status_code == 404


# Subdomains


def test_the_bare_domain_answers_rules_without_a_subdomain() -> None:
    answer = send(subdomains.create_app(), "/", base_url="http://example.com:5000")
    assert answer.json == {
        "admin": "http://admin.example.com:5000/",
        "index": "/",
        "user": "http://ada.example.com:5000/dynamic",
    }


def test_a_fixed_subdomain_answers_its_own_rule() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://admin.example.com:5000").text == "Administration"
    assert app.test_client().get("/", subdomain="admin").text == "Administration"


def test_a_variable_subdomain_reaches_the_view() -> None:
    app = subdomains.create_app()
    for name in ("ada", "a.b", "admin"):
        answer = send(app, "/dynamic", base_url=f"http://{name}.example.com:5000")
        assert answer.json == {"username": name}


def test_a_rule_without_subdomain_answers_on_the_bare_domain_only() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://ada.example.com:5000").status_code == 404
    assert send(app, "/dynamic", base_url="http://example.com:5000").status_code == 404


def test_url_for_gives_a_path_on_the_same_subdomain() -> None:
    app = subdomains.create_app()
    with app.test_request_context(base_url="http://admin.example.com:5000"):
        assert url_for("admin") == "/"
        assert url_for("index") == "http://example.com:5000/"


@pytest.mark.parametrize(
    ("server_name", "base"),
    [
        ("example.com", "http://admin.example.com"),
        ("example.com:80", "http://admin.example.com"),
        ("example.com", "https://admin.example.com"),
        ("example.com:443", "https://admin.example.com"),
    ],
)
def test_standard_ports_need_not_be_written(server_name: str, base: str) -> None:
    app = subdomains.create_app()
    app.config["SERVER_NAME"] = server_name
    assert send(app, "/", base_url=base).text == "Administration"


@pytest.mark.filterwarnings("ignore:Current server name")
def test_another_port_is_another_server() -> None:
    app = subdomains.create_app()
    assert send(app, "/", base_url="http://admin.example.com:8000").status_code == 404


def test_server_name_alone_turns_no_subdomain_on() -> None:
    app = subdomains.create_app()
    app.subdomain_matching = False
    for host in ("example.com", "admin.example.com", "ada.example.com"):
        answer = send(app, "/", base_url=f"http://{host}:5000")
        assert answer.json["index"] == "/"
        assert send(app, "/dynamic", base_url=f"http://{host}:5000").status_code == 404


def test_subdomain_matching_alone_turns_no_subdomain_on() -> None:
    app = subdomains.create_app()
    app.config["SERVER_NAME"] = None
    assert send(app, "/dynamic", base_url="http://ada.example.com:5000").status_code == 404


def test_a_foreign_host_gets_a_subdomain_that_a_variable_takes() -> None:
    message = on_the_page(
        "Current server name '127.0.0.1:5000' doesn't match"
        " configured server name 'example.com:5000'"
    )
    app = subdomains.create_app()
    warned = f"^{re.escape(message)}$"
    with pytest.warns(UserWarning, match=warned):
        fixed = send(app, "/", base_url="http://127.0.0.1:5000")
    with pytest.warns(UserWarning, match=warned):
        variable = send(app, "/dynamic", base_url="http://127.0.0.1:5000")
    assert fixed.status_code == 404
    assert variable.json == {"username": "<invalid>"}


def test_trusted_hosts_refuse_a_foreign_host() -> None:
    app = subdomains.create_app()
    app.config["TRUSTED_HOSTS"] = [".example.com"]
    assert send(app, "/dynamic", base_url="http://127.0.0.1:5000").status_code == 400
    assert send(app, "/", base_url="http://example.com:5000").status_code == 200
    assert send(app, "/", base_url="http://admin.example.com:5000").status_code == 200


def test_app_run_listens_where_server_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setattr(
        "werkzeug.serving.run_simple", lambda host, port, app, **_: heard.append((host, port))
    )
    subdomains.create_app().run(load_dotenv=False)
    assert heard == [("example.com", 5000)]


def test_flask_run_listens_on_the_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "flask.cli.run_simple", lambda host, port, app, **_: heard.append((host, port))
    )
    app = subdomains.create_app()
    run_command.main([], standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))
    assert heard == [("127.0.0.1", 5000)]


def test_a_real_server_answers_the_host_that_the_client_names() -> None:
    server = make_server("127.0.0.1", 0, subdomains.create_app())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request("GET", "/", headers={"Host": "admin.example.com:5000"})
        assert connection.getresponse().read() == b"Administration"
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Host matching


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", {"api": "http://api.example.org:8000/", "shop": "/"}),
        ("api.example.org:8000", {"site": "api"}),
        ("ada.example.net", {"tenant": "ada"}),
    ],
)
def test_the_host_chooses_the_rule(host: str, expected: dict[str, str]) -> None:
    assert send(hosts.app, "/", base_url=f"http://{host}").json == expected


def test_the_port_belongs_to_the_host() -> None:
    assert send(hosts.app, "/", base_url="http://example.com:5000").status_code == 404
    assert send(hosts.app, "/", base_url="http://api.example.org").status_code == 404


def test_server_name_plays_no_part_in_host_matching() -> None:
    app = new_app(host_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.add_url_rule("/", view_func=view, host="<tenant>.example.net")
    assert send(app, "/", base_url="http://ada.example.net").json == {"tenant": "ada"}


def test_a_rule_without_host_matches_no_request() -> None:
    app = new_app(host_matching=True)
    app.add_url_rule("/", endpoint="none", view_func=view)
    app.add_url_rule("/sub", endpoint="sub", view_func=view, subdomain="admin")
    app.add_url_rule("/all", endpoint="all", view_func=view, host="<host>")
    for host in ("localhost", "admin.example.com"):
        base = f"http://{host}"
        assert send(app, "/", base_url=base).status_code == 404
        assert send(app, "/sub", base_url=base).status_code == 404
        assert send(app, "/all", base_url=base).json == {"host": host}


def test_host_is_ignored_without_host_matching() -> None:
    app = new_app()
    app.add_url_rule("/", view_func=view, host="example.com")
    assert send(app, "/", base_url="http://other.example").status_code == 200


@pytest.mark.parametrize("options", [{"host_matching": True}, {"static_host": "example.com"}])
def test_host_matching_and_static_host_go_together(options: dict[str, Any]) -> None:
    message = on_the_page("Invalid static_host/host_matching combination")
    with pytest.raises(AssertionError) as caught:
        Flask("hosts", **options)
    assert str(caught.value) == message


def test_a_static_host_serves_the_static_files_of_host_matching() -> None:
    app = Flask("hosts", host_matching=True, static_host="example.com")
    assert [rule.host for rule in app.url_map.iter_rules()] == ["example.com"]


# url_for


@pytest.mark.parametrize(
    ("endpoint", "values", "url"),
    [
        ("note", {"number": 3}, "/notes/3"),
        ("notes", {"tag": ["red", "早"], "page": None}, "/notes?tag=red&tag=%E6%97%A9"),
        ("notes", {"_anchor": "last one"}, "/notes#last%20one"),
        ("notes", {"_external": True}, "http://localhost/notes"),
        ("notes", {"_scheme": "https"}, "https://localhost/notes"),
        ("note", {"number": 3, "_method": "DELETE"}, "/notes/3/trash"),
        ("note", {"number": 3, "_method": "GET"}, "/notes/3"),
    ],
)
def test_url_for_builds(endpoint: str, values: dict[str, Any], url: str) -> None:
    with building_urls.app.test_request_context():
        assert url_for(endpoint, **values) == url


def test_what_url_for_builds_is_answered() -> None:
    assert send(building_urls.app, "/notes").json == ["milk"]
    assert send(building_urls.app, "/notes/3").text == "GET note 3"
    assert send(building_urls.app, "/notes/3/trash", "DELETE").text == "DELETE note 3"


@pytest.mark.parametrize(
    ("endpoint", "values", "start", "guess"),
    [
        ("nots", {}, "'nots'.", "Did you mean 'notes' instead?"),
        ("note", {}, "'note'.", "Did you forget to specify values ['number']?"),
        ("note", {"number": None}, "'note'.", "Did you forget to specify values ['number']?"),
        (
            "notes",
            {"_method": "POST"},
            "'notes' ('POST').",
            "Did you mean to use methods ['GET', 'HEAD', 'OPTIONS']?",
        ),
    ],
)
def test_what_cannot_be_built_is_a_build_error_that_guesses_why(
    endpoint: str, values: dict[str, Any], start: str, guess: str
) -> None:
    with building_urls.app.test_request_context(), pytest.raises(BuildError) as caught:
        url_for(endpoint, **values)
    assert str(caught.value) == f"Could not build url for endpoint {start} {on_the_page(guess)}"


@pytest.mark.parametrize(
    ("endpoint", "values"), [("/notes", {}), ("note", {"number": 3, "_method": "delete"})]
)
def test_a_path_is_no_endpoint_and_a_method_is_in_upper_case(
    endpoint: str, values: dict[str, Any]
) -> None:
    with building_urls.app.test_request_context(), pytest.raises(BuildError):
        url_for(endpoint, **values)


def test_a_value_that_the_converter_refuses_is_a_value_error() -> None:
    message = on_the_page("invalid literal for int() with base 10: 'three'")
    with building_urls.app.test_request_context(), pytest.raises(ValueError) as caught:
        url_for("note", number="three")
    assert str(caught.value) == message


def test_a_scheme_needs_an_external_url() -> None:
    message = on_the_page("When specifying '_scheme', '_external' must be True.")
    with building_urls.app.test_request_context(), pytest.raises(ValueError) as caught:
        url_for("notes", _scheme="https", _external=False)
    assert str(caught.value) == message


def test_url_for_is_in_templates_without_an_import() -> None:
    template = "{{ url_for('note', number=3) }}"
    assert "{{ url_for(" in PAGE
    with building_urls.app.test_request_context():
        assert render_template_string(template) == "/notes/3"


def test_external_urls_follow_the_host_header_unless_told_otherwise() -> None:
    app = new_app()

    @app.get("/reset")
    def reset() -> str:
        return url_for("reset", _external=True)

    evil = {"Host": "evil.example"}
    assert send(app, "/reset", headers=evil).text == "http://evil.example/reset"
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert send(app, "/reset", headers=evil).status_code == 400
    assert send(app, "/reset", headers={"Host": "example.com"}).status_code == 200
    app.config.update(TRUSTED_HOSTS=None, SERVER_NAME="example.com")
    assert send(app, "/reset", headers=evil).text == "http://example.com/reset"


# url_for outside a request


def test_outside_a_request_url_for_gives_full_urls() -> None:
    url = "https://example.com/shop/orders/7"
    assert outside_request.mail_text(7) == f"Your order: {url}"
    assert outside_request.app.url_for("order", number=7) == url
    assert send(outside_request.app, "/orders/7").text == "Order 7"


def test_within_a_request_scheme_and_prefix_are_those_of_the_request() -> None:
    with outside_request.app.test_request_context(base_url="http://example.com/other"):
        assert url_for("order", number=7) == "/other/orders/7"
        assert url_for("order", number=7, _external=True) == "http://example.com/other/orders/7"


def test_without_a_server_name_nothing_can_be_built_outside_a_request() -> None:
    message = on_the_page(
        "Unable to build URLs outside an active request without 'SERVER_NAME' configured."
        " Also configure 'APPLICATION_ROOT' and 'PREFERRED_URL_SCHEME' as needed."
    )
    with building_urls.app.app_context(), pytest.raises(RuntimeError) as caught:
        url_for("notes")
    assert str(caught.value) == message
    with pytest.raises(RuntimeError) as caught:
        building_urls.app.url_for("notes")
    assert str(caught.value) == message


def test_without_a_context_url_for_does_not_know_the_application() -> None:
    message = on_the_page("Working outside of application context.")
    with pytest.raises(RuntimeError) as caught:
        url_for("order", number=7)
    assert str(caught.value).splitlines()[0] == message
    assert not current_app


# Precedence


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", {"rule": "/users/me"}),
        ("/users/user-7", {"rule": "/users/user-<name>", "name": "7"}),
        ("/users/7", {"rule": "/users/<int(max=999):number>", "number": 7}),
        ("/users/7.5", {"rule": "/users/<float:score>", "score": 7.5}),
        ("/users/ada", {"rule": "/users/<name>", "name": "ada"}),
        ("/users/ada/photos", {"rule": "/<path:rest>", "rest": "users/ada/photos"}),
    ],
)
def test_the_most_specific_rule_wins(path: str, expected: dict[str, Any]) -> None:
    assert send(precedence.app, path).json == expected


def test_the_order_of_registration_does_not_matter_between_unequal_rules() -> None:
    rules = [rule.rule for rule in precedence.app.url_map.iter_rules() if "static" not in rule.rule]
    for order in (rules, rules[::-1]):
        app = new_app()
        for rule in order:
            app.add_url_rule(rule, endpoint=rule, view_func=lambda **_: str(request.url_rule))
        for path in ("me", "user-7", "7", "7.5", "ada", "ada/photos"):
            expected = send(precedence.app, f"/users/{path}").json["rule"]
            assert send(app, f"/users/{path}").text == expected


def test_the_path_is_compared_segment_by_segment() -> None:
    app = new_app()
    app.add_url_rule("/<a>/fixed", endpoint="late", view_func=view)
    app.add_url_rule("/users/<b>", endpoint="early", view_func=view)
    assert send(app, "/users/fixed").json == {"b": "fixed"}


def test_fixed_text_around_a_variable_comes_before_the_weight() -> None:
    app = new_app()
    app.add_url_rule("/<int:number>", endpoint="int", view_func=view)
    app.add_url_rule("/1<path:rest>", endpoint="path", view_func=view)
    assert send(app, "/12").json == {"rest": "2"}


def test_the_weights_of_the_built_in_converters() -> None:
    weights = {
        50: (IntegerConverter, FloatConverter),
        100: (UnicodeConverter, AnyConverter, UUIDConverter),
        200: (PathConverter,),
    }
    for weight, converters in weights.items():
        assert [converter.weight for converter in converters] == [weight] * len(converters)


@pytest.mark.parametrize("special", ["<any(about, help):page>", "<uuid:page>"])
def test_a_plain_variable_registered_first_takes_what_any_and_uuid_wanted(special: str) -> None:
    value = "about" if "any" in special else "7ba7b810-9dad-11d1-80b4-00c04fd430c8"
    first, last = new_app(), new_app()
    last.add_url_rule("/<name>", endpoint="plain", view_func=view)
    for app in (first, last):
        app.add_url_rule(f"/{special}", endpoint="special", view_func=view)
    first.add_url_rule("/<name>", endpoint="plain", view_func=view)
    assert send(first, f"/{value}").json == {"page": value}
    assert send(last, f"/{value}").json == {"name": value}


def test_a_refused_value_is_404_although_another_rule_would_fit() -> None:
    assert send(precedence.app, "/users/999").json["number"] == 999
    assert send(precedence.app, "/users/1000").status_code == 404


# 404, 405 or 308


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/note", 404),
        ("POST", "/note", 404),
        ("GET", "/notes/", 200),
        ("POST", "/notes/", 405),
        ("GET", "/notes", 308),
        ("POST", "/notes", 404),
    ],
)
def test_path_and_method_decide_the_answer(method: str, path: str, status: int) -> None:
    assert send(answers.app, path, method).status_code == status


def test_error_handlers_see_404_and_405() -> None:
    assert send(answers.app, "/note").text == "No such page"
    refused = send(answers.app, "/notes/", "POST")
    assert (refused.text, refused.headers["Allow"]) == ("No such method", "GET, HEAD, OPTIONS")


def test_without_a_handler_405_has_allow_too() -> None:
    assert set(send(smallest.app, "/", "POST").allow) == ALLOWED


def test_no_error_handler_sees_a_redirect_from_routing() -> None:
    seen: list[int | None] = []

    def handler(error: HTTPException) -> HTTPException:
        seen.append(error.code)
        return error

    app = new_app()
    app.register_error_handler(HTTPException, handler)
    app.get("/folder/")(view)
    assert [send(app, path).status_code for path in ("/folder", "/nowhere")] == [308, 404]
    assert seen == [404]


# Class-based views


def test_as_view_makes_view_functions_with_their_own_arguments() -> None:
    assert send(view_classes.app, "/books").text == "Books, asked for with GET"
    assert send(view_classes.app, "/films", "POST").text == "Films, asked for with POST"
    assert send(view_classes.app, "/books", "PUT").status_code == 405
    assert {"books", "films"} < view_classes.app.view_functions.keys()


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


def test_a_method_view_calls_the_method_named_like_the_http_method() -> None:
    app = method_views.app
    login = {"auth": ("ada", "secret")}
    assert send(app, "/notes/1").json == {"number": 1}
    assert send(app, "/notes/1", "DELETE").status_code == 405
    assert send(app, "/mine/1", **login).json == {"number": 1}
    assert send(app, "/mine/1", "DELETE", **login).status_code == 204
    changed = send(app, "/mine/1", "PUT", data={"text": "早"}, **login)
    assert changed.json == {"number": 1, "text": "早"}


def test_the_methods_of_a_method_view_follow_from_its_class_and_base_classes() -> None:
    assert method_views.NoteView.methods == {"GET"}
    assert method_views.EditableNoteView.methods == {"GET", "PUT", "DELETE"}


def test_decorators_apply_to_all_methods_of_the_view() -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert send(method_views.app, "/mine/1", method).status_code == 401


def test_a_decorator_above_the_class_gets_the_class() -> None:
    got: list[object] = []

    def note(thing: type) -> type:
        got.append(thing)
        return thing

    @note
    class Marked(MethodView):
        pass

    assert got == [Marked]


# flask routes


def routes(name: str, *options: str) -> list[str]:
    """Return what `flask routes` prints, without trailing spaces."""
    command = [sys.executable, "-m", "flask", "--app", f"snippets.routing.{name}", "routes"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def test_flask_routes_prints_what_the_page_shows() -> None:
    shown = PAGE.split("$ flask --app snippets.routing.methods routes\n")[1].split("\n```")[0]
    assert routes("methods") == shown.splitlines()


def test_all_methods_shows_head_and_options() -> None:
    assert routes("methods", "--all-methods")[3].split()[1:4] == ["GET,", "HEAD,", "OPTIONS"]


def test_subdomains_and_hosts_add_a_column() -> None:
    assert routes("subdomains")[0].split() == ["Endpoint", "Methods", "Subdomain", "Rule"]
    assert routes("hosts")[0].split() == ["Endpoint", "Methods", "Host", "Rule"]


def test_sort_match_is_not_the_order_of_matching() -> None:
    rules = [line.split()[-1] for line in routes("precedence", "--sort", "match")[2:]]
    assert rules.index("/<path:rest>") < rules.index("/users/me")
    assert send(precedence.app, "/users/me").json == {"rule": "/users/me"}
    assert rules == [rule.rule for rule in precedence.app.url_map.iter_rules()]


@pytest.mark.parametrize("order", ["endpoint", "methods", "domain", "rule", "match"])
def test_routes_can_be_sorted(order: str) -> None:
    listed = (
        Flask("sorting")
        .test_cli_runner()
        .invoke(args=["routes", "--sort", order], cli=_flask_group(subdomains.create_app()))
    )
    assert listed.exit_code == 0, listed.output


def _flask_group(app: Flask) -> Any:
    from flask.cli import FlaskGroup

    return FlaskGroup(create_app=lambda: app)


def test_a_route_in_a_module_that_is_not_imported_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (tmp_path / "views.py").write_text(
        textwrap.dedent("""
            from shop import app
            @app.get("/cart")
            def cart(): return ""
        """)
    )
    command = [sys.executable, "-m", "flask", "--app", "shop", "routes"]

    def listed() -> str:
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert "/cart" not in listed()
    with (tmp_path / "shop.py").open("a") as file:
        file.write("import views\n")
    assert "/cart" in listed()


# Chinese and percent-encoding


@pytest.mark.parametrize("path", ["/标签/早/", "/%E6%A0%87%E7%AD%BE/%E6%97%A9/"])
def test_a_rule_may_be_chinese_and_its_path_percent_encoded(path: str) -> None:
    encoded = urllib.parse.quote("/标签/早/")
    assert encoded == "/%E6%A0%87%E7%AD%BE/%E6%97%A9/"
    assert send(chinese_urls.app, path).text == f"早, /标签/早/, {encoded}"


def test_the_location_of_a_redirect_is_percent_encoded() -> None:
    answer = send(chinese_urls.app, "/标签/早")
    assert answer.status_code == 308
    assert answer.headers["Location"] == "http://localhost/%E6%A0%87%E7%AD%BE/%E6%97%A9/"


def test_an_encoded_slash_is_a_slash() -> None:
    assert send(chinese_urls.app, "/files/a%2Fb").status_code == 404
    assert send(chinese_urls.app, "/trees/a%2Fb").text == "path a/b"


def test_bytes_that_are_not_utf_8_become_the_replacement_character() -> None:
    assert send(chinese_urls.app, "/files/%FF").text == "segment �"
    assert "`�`" in PAGE


def test_paths_are_case_sensitive() -> None:
    assert send(trailing_slashes.create_app(), "/About").status_code == 404


def test_url_for_does_not_encode_a_slash_in_a_value() -> None:
    with chinese_urls.app.test_request_context():
        url = url_for("one_segment", name="a/b")
    assert url == "/files/a/b"
    assert send(chinese_urls.app, url).status_code == 404


# How it works inside


def test_the_map_holds_rules_and_the_application_holds_functions() -> None:
    app = smallest.app
    assert isinstance(app.url_map, Map)
    assert all(isinstance(rule, Rule) for rule in app.url_map.iter_rules())
    assert app.view_functions["note"] is smallest.note


def test_an_adapter_matches_and_builds() -> None:
    adapter = smallest.app.url_map.bind("example.com")
    assert isinstance(adapter, MapAdapter)
    assert adapter.match("/notes/41") == ("note", {"number": 41})
    assert adapter.build("note", {"number": 41}) == "/notes/41"
    with pytest.raises(MethodNotAllowed):
        adapter.match("/notes/41", method="POST")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/notes/3", ["note", "/notes/<int:number>", {"number": 3}, "NoneType"]),
        ("GET", "/nowhere", [None, "None", None, "NotFound"]),
        ("POST", "/notes/3", [None, "None", None, "MethodNotAllowed"]),
    ],
)
def test_before_request_sees_what_routing_found(
    method: str, path: str, expected: list[Any]
) -> None:
    answer = send(inspecting.app, f"{path}?explain", method)
    names = ("endpoint", "rule", "values", "exception")
    assert (answer.status_code, [answer.json[name] for name in names]) == (200, expected)


def test_without_an_answer_from_before_request_routing_goes_on() -> None:
    assert send(inspecting.app, "/notes/3").text == "Note 3"
    assert send(inspecting.app, "/nowhere").status_code == 404


def test_before_request_sees_a_redirect_from_routing() -> None:
    seen: list[object] = []
    app = new_app()
    app.get("/folder/")(view)
    app.before_request(lambda: seen.append(type(request.routing_exception)))
    assert send(app, "/folder").status_code == 308
    assert seen == [RequestRedirect]


# Pitfalls


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


def test_the_empty_rule_and_an_open_bracket_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^URL rule '' must start with a slash\.$"):
        new_app().add_url_rule("", view_func=view)
    with pytest.raises(ValueError, match=r"^malformed url rule: '/users/<name'$"):
        new_app().add_url_rule("/users/<name", view_func=view)


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


# Then and now


def test_a_redirect_from_routing_is_308_and_loses_no_form_even_in_debug_mode() -> None:
    assert RequestRedirect.code == 308
    app = trailing_slashes.create_app()
    app.debug = True
    assert send(app, "/reports", "POST", data={"year": "2024"}).status_code == 308


def test_a_routing_redirect_with_301_is_an_error_in_debug_mode() -> None:
    app = trailing_slashes.create_app()
    app.debug = app.testing = True

    @app.before_request
    def as_it_was() -> None:
        assert isinstance(request.routing_exception, RequestRedirect)
        request.routing_exception.code = 301

    with pytest.raises(FormDataRoutingRedirect) as caught:
        send(app, "/reports", "POST", data={"year": "2024"})
    assert str(caught.value).startswith(
        on_the_page(
            "A request was sent to 'http://localhost/reports', but routing issued a redirect"
            " to the canonical URL 'http://localhost/reports/'."
        )
    )


def test_a_view_can_redirect_with_another_status() -> None:
    from flask import redirect

    app = new_app()
    app.get("/old")(lambda: redirect("/new", 301))
    answer: Response = send(app, "/old")
    assert (answer.status_code, answer.location) == (301, "/new")
