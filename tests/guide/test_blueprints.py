"""Every claim of the page on blueprints and the application factory, proved."""

import ast
import inspect
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    has_request_context,
    render_template,
    render_template_string,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.cli import FlaskGroup, ScriptInfo
from flask.views import MethodView
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.routing import BuildError
from werkzeug.test import TestResponse

from snippets.blueprints import (
    commands,
    error_scope,
    nested,
    notebook,
    prefixes,
    setup_state,
    smallest,
    static_files,
    subdomains,
    twice,
    unknown_urls,
    url_names,
    which_template,
)
from snippets.blueprints.notebook import extensions as notebook_extensions
from snippets.blueprints.notebook import notes as notebook_notes
from snippets.blueprints.notebook import search as notebook_search

ROOT = Path(__file__).parents[2]
HERE = ROOT / "snippets/blueprints"
PAGE = (ROOT / "docs/guide/blueprints.md").read_text(encoding="utf-8")
BP_DONE = (
    "It has already been registered at least once, any changes will not be applied consistently."
    " Make sure all imports, decorators, functions, etc. needed to set up the blueprint are done"
    " before registering it."
)
APP_DONE = "It has already handled its first request, any changes will not be applied consistently."


def send(app: Flask, path: str = "/", method: str = "GET", **options: Any) -> TestResponse:
    """Send one request with a client of its own, and read the whole answer."""
    return app.test_client().open(path, method=method, buffered=True, **options)


def new_app(*blueprints: Blueprint, **options: Any) -> Flask:
    """Return an application with these blueprints, registered with these options."""
    app = Flask("blueprints-test", static_folder=None)
    for blueprint in blueprints:
        app.register_blueprint(blueprint, **options)
    return app


def answer() -> str:
    """Say which endpoint answers."""
    return str(request.endpoint)


def new_blueprint(name: str = "notes", **options: Any) -> Blueprint:
    """Return a blueprint with the view `index`."""
    blueprint = Blueprint(name, __name__, **options)
    blueprint.add_url_rule("/", "index", answer)
    return blueprint


def rules(app: Flask) -> dict[str, str]:
    """Return the rules of an application: endpoint to path."""
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}


def on_the_page(message: str) -> str:
    """Return the message, having made sure that the page quotes each sentence of it to the letter."""
    for sentence in re.split(r"(?<=\.)\s", message):
        assert sentence in PAGE
    return message


def error_of(function: Callable[[], object]) -> str:
    """Return the type and the message of what the function raises, on one line."""
    with pytest.raises(Exception) as caught:
        function()
    return f"{type(caught.value).__name__}: {' '.join(str(caught.value).split())}"


def files(folder: Path, **contents: str) -> None:
    """Write modules: name without suffix to content."""
    for name, content in contents.items():
        folder.joinpath(f"{name}.py").write_text(content, encoding="utf-8")


def python(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run Python in a folder and return the exit code with all that it says."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def flask(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the flask command in a folder."""
    return python(folder, "-m", "flask", *arguments)


def invoke(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run a command of an application as the flask command does."""
    group = FlaskGroup(create_app=lambda: app)
    done = app.test_cli_runner().invoke(group, arguments)
    return done.exit_code, done.output


# The smallest blueprint


def test_the_smallest_blueprint_answers_below_its_prefix() -> None:
    assert send(smallest.app, "/notes/").json == ["/notes/1", "/notes/2"]
    assert send(smallest.app, "/notes/2").text == "Note 2"


def test_a_blueprint_does_nothing_until_it_is_registered() -> None:
    app = new_app()
    blueprint = new_blueprint(url_prefix="/notes")
    blueprint.before_request(lambda: None)
    assert (rules(app), app.blueprints) == ({}, {})
    app.register_blueprint(blueprint)
    assert rules(app) == {"notes.index": "/notes/"}
    assert app.blueprints == {"notes": blueprint}


def test_several_applications_take_in_the_same_blueprint() -> None:
    blueprint = new_blueprint()
    assert rules(new_app(blueprint)) == rules(new_app(blueprint)) == {"notes.index": "/"}


def test_route_gives_the_function_back_unchanged() -> None:
    assert Blueprint("b", __name__).route("/")(answer) is answer


# Parameters


def test_the_table_has_every_parameter_in_order() -> None:
    table = PAGE.split("(blueprint-parameters)=")[1].split("\n\n")[1]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted(set(inspect.signature(Blueprint).parameters))


def test_what_a_parameter_is_when_it_is_left_out() -> None:
    blueprint = new_blueprint()
    assert blueprint.url_prefix is None
    assert blueprint.subdomain is None
    assert blueprint.url_values_defaults == {}
    assert blueprint.template_folder is None
    assert blueprint.has_static_folder is False
    assert Path(blueprint.root_path) == Path(__file__).parent
    assert blueprint.cli.name == "notes"
    assert Blueprint("b", __name__, static_folder="x/files").static_url_path == "/files"
    assert Path(Blueprint("b", __name__, root_path=str(ROOT)).root_path) == ROOT


def test_what_is_given_at_registration_wins_and_url_defaults_are_merged() -> None:
    blueprint = Blueprint(
        "b", __name__, url_prefix="/own", subdomain="own", url_defaults={"a": 1, "b": 1}
    )
    blueprint.add_url_rule("/", "show", lambda **values: values)
    given = {"name": "n", "url_prefix": "/given", "subdomain": "given"}
    app = new_app(blueprint, **given, url_defaults={"b": 2})
    (rule,) = app.url_map.iter_rules()
    assert (rule.endpoint, rule.rule, rule.subdomain) == ("n.show", "/given/", "given")
    assert rule.defaults == {"a": 1, "b": 2}
    with_command = Blueprint("c", __name__, cli_group="own")
    with_command.cli.command("x")(answer)
    assert list(new_app(with_command, cli_group="given").cli.commands) == ["given"]


def test_unknown_options_of_register_blueprint_are_passed_over() -> None:
    app = new_app(new_blueprint(), prefix="/notes", template_folder="nowhere")
    assert rules(app) == {"notes.index": "/"}
    assert app.blueprints["notes"].template_folder is None


# The prefix


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/about", 200, "The company"),
        ("/about/", 404, None),
        ("/teams/red/", 200, "Pages of team red"),
        ("/teams/red/home", 200, "Page home of team red"),
        ("/wiki/", 404, None),
        ("/teams/red/wiki/", 404, None),
    ],
)
def test_a_prefix_at_registration_replaces_the_blueprints_own(
    path: str, status: int, text: str | None
) -> None:
    got = send(prefixes.app, path)
    assert got.status_code == status
    assert text in (got.text, None)


@pytest.mark.parametrize("prefix", ["/p", "/p/", "/p//"])
@pytest.mark.parametrize("rule", ["x", "/x", "//x"])
def test_the_slash_between_prefix_and_rule_is_always_one(prefix: str, rule: str) -> None:
    blueprint = Blueprint("b", __name__, url_prefix=prefix)
    blueprint.add_url_rule(rule, "x", answer)
    assert rules(new_app(blueprint)) == {"b.x": "/p/x"}


@pytest.mark.parametrize(("prefix", "path"), [("/", "/"), (None, "/notes/")])
def test_a_slash_takes_a_prefix_away_and_none_leaves_it(prefix: str | None, path: str) -> None:
    app = new_app(new_blueprint(url_prefix="/notes"), url_prefix=prefix)
    assert rules(app) == {"notes.index": path}


def test_a_prefix_without_its_slash_is_refused_when_it_is_registered() -> None:
    blueprint = new_blueprint(url_prefix="notes")
    message = on_the_page("ValueError: URL rule 'notes/' must start with a slash.")
    assert error_of(lambda: new_app(blueprint)) == message


def test_an_empty_rule_needs_a_prefix() -> None:
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("", "index", answer)
    message = on_the_page("URL rule '' must start with a slash.")
    assert error_of(lambda: new_app(blueprint)) == f"ValueError: {message}"


# Names and url_for


@pytest.mark.parametrize(
    ("path", "relative"), [("/", "/"), ("/notes/", "/notes/"), ("/tags/", "/tags/")]
)
def test_a_dot_means_the_blueprint_of_the_request(path: str, relative: str) -> None:
    links = {"index": "/", ".index": relative, "notes.index": "/notes/"}
    assert send(url_names.app, path).json == links


def test_a_template_of_two_blueprints_gets_the_links_of_the_one_that_renders_it() -> None:
    app, source = new_app(), "{{ url_for('.index') }}"
    for name in ("notes", "tags"):
        blueprint = new_blueprint(name, url_prefix=f"/{name}")
        blueprint.add_url_rule("/link", "link", lambda: render_template_string(source))
        app.register_blueprint(blueprint)
    assert [send(app, f"/{name}/link").text for name in ("notes", "tags")] == ["/notes/", "/tags/"]


def test_on_the_error_page_of_an_unknown_url_the_dot_means_the_application() -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    app.add_url_rule("/", "index", answer)
    app.register_error_handler(404, lambda error: (url_for(".index"), 404))
    assert send(app, "/notes/unknown").text == "/"


def test_the_request_knows_its_blueprint_and_endpoint() -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    with app.test_request_context("/notes/"):
        assert (request.blueprint, request.endpoint) == ("notes", "notes.index")
    with app.test_request_context("/notes/unknown"):
        assert (request.blueprint, request.endpoint) == (None, None)


@pytest.mark.parametrize("path", ["/", "/notes/"])
def test_without_the_name_of_the_blueprint_there_is_no_such_endpoint(path: str) -> None:
    app = new_app(new_blueprint(url_prefix="/notes"))
    message = on_the_page(
        "Could not build url for endpoint 'index'. Did you mean 'notes.index' instead?"
    )
    with app.test_request_context(path):
        assert error_of(lambda: url_for("index")) == f"BuildError: {message}"
        in_template = error_of(lambda: render_template_string('{{ url_for("index") }}'))
        assert in_template == f"BuildError: {message}"
    assert "BuildError: Could" in PAGE
    assert issubclass(BuildError, LookupError)


def test_neither_a_name_nor_an_endpoint_has_a_dot() -> None:
    dot = on_the_page("ValueError: 'name' may not contain a dot '.' character.")
    assert error_of(lambda: Blueprint("shop.cart", __name__)) == dot
    none = on_the_page("ValueError: 'name' may not be empty.")
    assert error_of(lambda: Blueprint("", __name__)) == none
    endpoint = on_the_page("ValueError: 'endpoint' may not contain a dot '.' character.")
    blueprint = Blueprint("b", __name__)
    assert error_of(lambda: blueprint.add_url_rule("/", "a.b", answer)) == endpoint


# Register a blueprint twice


@pytest.mark.parametrize(
    ("path", "name", "currency"), [("/eu/tea", "europe", "EUR"), ("/cn/tea", "china", "CNY")]
)
def test_a_blueprint_is_registered_twice_under_two_names(
    path: str, name: str, currency: str
) -> None:
    assert send(twice.app, path).json == {
        "currency": currency,
        "blueprint": name,
        "this": path,
        "other": "/cn/tea",
    }


def test_hooks_exist_once_for_each_name_and_those_of_the_application_once() -> None:
    app, blueprint, seen = new_app(), new_blueprint(), []
    blueprint.before_request(lambda: seen.append("own"))
    blueprint.before_app_request(lambda: seen.append("app"))
    app.register_blueprint(blueprint, name="one", url_prefix="/one")
    app.register_blueprint(blueprint, name="two", url_prefix="/two")
    assert [send(app, path).text for path in ("/one/", "/two/")] == ["one.index", "two.index"]
    assert seen == ["app", "own", "app", "own"]


def test_a_name_is_taken_once() -> None:
    app, blueprint = new_app(), new_blueprint()
    app.register_blueprint(blueprint)
    different = on_the_page(
        "ValueError: The name 'notes' is already registered for a different blueprint."
        " Use 'name=' to provide a unique name."
    )
    assert error_of(lambda: app.register_blueprint(new_blueprint())) == different
    this = different.replace("a different blueprint", on_the_page("for this blueprint")[4:])
    assert error_of(lambda: app.register_blueprint(blueprint, url_prefix="/b")) == this


def test_for_a_nested_blueprint_the_full_name_is_added() -> None:
    shop = new_blueprint("shop")
    shop.register_blueprint(new_blueprint("comments"))
    shop.register_blueprint(new_blueprint("comments"))
    assert error_of(lambda: new_app(shop)) == on_the_page(
        "ValueError: The name 'comments' is already registered for a different blueprint"
        " 'shop.comments'. Use 'name=' to provide a unique name."
    )


# Nested blueprints


@pytest.mark.parametrize("outer", ["shop", "blog"])
def test_prefixes_and_names_of_nested_blueprints_are_joined(outer: str) -> None:
    assert send(nested.app, f"/{outer}/comments/").json == {
        "blueprints": [f"{outer}.comments", outer],
        "link": f"/{outer}/comments/",
    }
    assert rules(nested.app)[f"{outer}.comments.index"] == f"/{outer}/comments/"


def test_from_the_outer_blueprint_a_dot_leads_inwards() -> None:
    assert send(nested.app, "/shop/").text == "/shop/comments/"


def test_the_way_out_is_the_full_name() -> None:
    with nested.app.test_request_context("/shop/comments/"):
        assert url_for("shop.front_page") == "/shop/"
        for short in (".front_page", "..front_page", "front_page"):
            with pytest.raises(BuildError):
                url_for(short)


def test_nesting_after_registration_is_refused() -> None:
    shop = new_blueprint("shop")
    new_app(shop)
    said = on_the_page(
        "AssertionError: The setup method 'register_blueprint' can no longer be called on the"
        f" blueprint 'shop'. {BP_DONE}"
    )
    assert error_of(lambda: shop.register_blueprint(new_blueprint("cart"))) == said


def test_nesting_in_create_app_fails_the_second_time() -> None:
    shop, cart = new_blueprint("shop"), new_blueprint("cart", url_prefix="/cart")

    def create_app() -> Flask:
        shop.register_blueprint(cart)
        return new_app(shop)

    assert rules(create_app()) == {"shop.index": "/", "shop.cart.index": "/cart/"}
    assert error_of(create_app).startswith(
        "AssertionError: The setup method 'register_blueprint' can no longer be called"
    )


def test_a_blueprint_is_not_nested_in_itself() -> None:
    shop = new_blueprint("shop")
    message = on_the_page("ValueError: Cannot register a blueprint on itself")
    assert error_of(lambda: shop.register_blueprint(shop)) == message


def test_hooks_and_handlers_of_the_outer_blueprint_hold_for_the_inner_one() -> None:
    shop, cart, seen = new_blueprint("shop"), Blueprint("cart", __name__), []
    shop.before_request(lambda: seen.append("shop"))
    shop.register_error_handler(404, lambda error: ("The shop", 404))
    cart.add_url_rule("/cart", "index", lambda: abort(404))
    shop.register_blueprint(cart)
    assert send(new_app(shop), "/cart").text == "The shop"
    assert seen == ["shop"]


# Subdomains


@pytest.mark.parametrize(
    ("host", "path", "status", "text"),
    [
        ("admin.example.com:5000", "/", 200, "http://ada.example.com:5000/"),
        ("api.admin.example.com:5000", "/v1/notes", 200, '["milk"]\n'),
        ("ada.example.com:5000", "/", 200, "Pages of ada"),
        ("example.com:5000", "/", 404, None),
        ("api.example.com:5000", "/v1/notes", 404, None),
    ],
)
def test_a_blueprint_answers_on_its_subdomain_and_nested_ones_in_front_of_it(
    host: str, path: str, status: int, text: str | None
) -> None:
    got = send(subdomains.create_app(), path, base_url=f"http://{host}")
    assert got.status_code == status
    assert text in (got.text, None)


def test_static_files_are_on_the_subdomain_too() -> None:
    app = Flask("b", static_folder=None, subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    app.register_blueprint(Blueprint("b", __name__, subdomain="shop", static_folder="."))
    (rule,) = app.url_map.iter_rules()
    assert (rule.endpoint, rule.subdomain) == ("b.static", "shop")


def test_with_host_matching_each_route_takes_a_host() -> None:
    app = Flask("b", static_folder=None, host_matching=True)
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("/", "index", answer, host="example.com")
    app.register_blueprint(blueprint)
    assert send(app, base_url="http://example.com").text == "b.index"
    assert send(app, base_url="http://example.org").status_code == 404
    with pytest.raises(TypeError, match="unexpected keyword argument 'host'"):
        Blueprint("b", __name__, host="example.com")  # type: ignore[call-arg]


# Templates


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/shop/", "front.html of the shop"),
        ("/blog/", "front.html of the shop"),
        ("/blog/entry", "blog/entry.html of the blog"),
        ("/shop/item", "shop/item.html of the application"),
    ],
)
def test_the_application_wins_and_then_the_blueprint_registered_first(
    path: str, template: str
) -> None:
    assert send(which_template.app, path).text == f"<p>{template}</p>"
    assert (HERE / "shop/templates/shop/item.html").read_text() == (
        "<p>shop/item.html of the shop</p>\n"
    )


def test_the_order_of_registration_decides() -> None:
    app = Flask("b", template_folder=None)
    app.register_blueprint(which_template.blog)
    app.register_blueprint(which_template.shop)
    for path in ("/shop/", "/blog/"):
        assert send(app, path).text == "<p>front.html of the blog</p>"


def test_a_template_folder_counts_from_the_folder_of_the_module() -> None:
    assert Path(which_template.shop.root_path) == HERE
    in_a_package = Blueprint("b", "snippets.blueprints.notebook.notes")
    assert Path(in_a_package.root_path) == HERE / "notebook"
    assert Path(Blueprint("b", "snippets.blueprints.notebook").root_path) == HERE / "notebook"


def test_explain_template_loading_tells_of_two_files_of_one_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = Flask("snippets.blueprints.which_template")
    for blueprint in (which_template.shop, which_template.blog):
        app.register_blueprint(blueprint)
    app.config["EXPLAIN_TEMPLATE_LOADING"] = True
    with caplog.at_level(logging.INFO, app.logger.name):
        assert send(app, "/blog/").text == "<p>front.html of the shop</p>"
    (said,) = caplog.messages
    assert on_the_page("Warning: multiple loaders returned a match for the template.") in said
    searched = re.findall(r"trying loader of (\w+ '[\w.]+')", said)
    assert searched == [
        "application 'snippets.blueprints.which_template'",
        "blueprint 'shop'",
        "blueprint 'blog'",
    ]


@pytest.mark.parametrize("folder", [None, "nowhere"])
def test_without_the_right_folder_the_template_is_not_found(folder: str | None) -> None:
    blueprint = Blueprint("b", "snippets.blueprints.which_template", template_folder=folder)
    blueprint.add_url_rule("/", "index", lambda: render_template("blog/entry.html"))
    app = new_app(blueprint)
    app.testing = True
    with pytest.raises(TemplateNotFound) as caught:
        send(app)
    assert f"jinja2.exceptions.TemplateNotFound: {caught.value}" == on_the_page(
        "jinja2.exceptions.TemplateNotFound: blog/entry.html"
    )
    assert TemplateNotFound.__module__ == "jinja2.exceptions"


# Static files


def test_one_folder_has_three_addresses() -> None:
    css = "body { color: darkgreen }\n"
    for path in ("/shop/static/shop.css", "/shop-files/shop.css"):
        got = send(static_files.app, path)
        assert (got.text, got.mimetype) == (css, "text/css")
    assert send(static_files.app, "/shop/").json == [
        "/static/shop.css",
        "/shop/static/shop.css",
        "/shop-files/shop.css",
        "/static/shop.css",
    ]


def test_static_files_without_a_prefix_are_hidden_by_those_of_the_application() -> None:
    endpoints = [
        r.endpoint for r in static_files.app.url_map.iter_rules() if r.rule[1:7] == "static"
    ]
    assert endpoints == ["static", "hidden.static"]
    assert send(static_files.app, "/static/shop.css").status_code == 404


def test_an_application_without_static_files_does_not_hide_them() -> None:
    assert send(new_app(static_files.hidden), "/static/shop.css").status_code == 200


def test_static_url_path_comes_after_the_prefix() -> None:
    blueprint = Blueprint(
        "b", __name__, static_folder=".", static_url_path="/files", url_prefix="/p"
    )
    assert rules(new_app(blueprint)) == {"b.static": "/p/files/<path:filename>"}


def test_open_resource_opens_a_file_beside_the_module() -> None:
    with static_files.shop.open_resource("shop/static/shop.css", "r") as file:
        assert file.read() == "body { color: darkgreen }\n"


# Hooks


def test_a_hook_runs_for_the_blueprint_and_with_app_in_its_name_for_all() -> None:
    blueprint, seen = new_blueprint(url_prefix="/notes"), []
    blueprint.before_request(lambda: seen.append("own"))
    blueprint.before_app_request(lambda: seen.append("all"))
    app = new_app(blueprint)
    app.add_url_rule("/", "index", answer)
    send(app, "/")
    assert seen == ["all"]
    send(app, "/notes/")
    assert seen == ["all", "all", "own"]


def test_functions_for_templates_are_for_the_whole_application() -> None:
    for kind in ("filter", "global", "test"):
        assert hasattr(Blueprint, f"app_template_{kind}")
        assert not hasattr(Blueprint, f"template_{kind}")
    blueprint = new_blueprint()
    blueprint.add_url_rule("/own", "own", lambda: render_template_string("{{ word }}"))
    blueprint.context_processor(lambda: {"word": "mine"})
    app = new_app(blueprint)
    app.add_url_rule("/app", "app", lambda: render_template_string("{{ word }}"))
    assert [send(app, path).text for path in ("/own", "/app")] == ["mine", ""]


# Error handlers


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/shop/items/2", 200, "5 left"),
        ("GET", "/shop/items/12", 404, "The shop says 404"),
        ("GET", "/shop/items/0", 500, "The shop says 500"),
        ("GET", "/shop/items/one", 404, "The site says 404"),
        ("GET", "/shop/nowhere", 404, "The site says 404"),
        ("POST", "/shop/items/2", 405, "The site says 405"),
    ],
)
def test_a_blueprint_is_asked_once_one_of_its_rules_has_matched(
    method: str, path: str, status: int, text: str
) -> None:
    got = send(error_scope.app, path, method)
    assert (got.status_code, got.text) == (status, text)


def scope_app() -> Flask:
    """Return an application for every row of the table of error handlers."""
    shop = Blueprint(
        "shop", __name__, url_prefix="/shop", static_folder="x", static_url_path="/files"
    )
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    other = Blueprint("other", __name__, url_prefix="/other")
    app = Flask("scope", static_folder=None)
    owners: Mapping[str, Flask | Blueprint] = {"site": app, "shop": shop, "inner": inner}
    for name, owner in owners.items():
        owner.register_error_handler(404, lambda error, name=name: (name, 404))
    app.register_error_handler(405, lambda error: ("site", 405))
    shop.register_error_handler(405, lambda error: ("shop", 405))
    shop.register_error_handler(500, lambda error: ("shop", 500))

    @app.before_request
    def of_the_application() -> None:
        if "app" in request.args:
            abort(404)

    @shop.before_request
    def of_the_shop() -> None:
        if "shop" in request.args:
            abort(404)

    def view(number: int = 0) -> str:
        if "bug" in request.args:
            raise LookupError
        if "abort" in request.args:
            abort(404)
        return "Fine"

    for blueprint in (shop, inner, other):
        blueprint.add_url_rule("/<int:number>", "view", view)
    shop.register_blueprint(inner)
    app.register_blueprint(shop)
    app.register_blueprint(other)
    return app


@pytest.mark.parametrize(
    ("row", "path", "method", "text"),
    [
        ("`abort` or a bug in one of its views", "/shop/1?abort", "GET", "shop"),
        ("`abort` or a bug in one of its views", "/shop/1?bug", "GET", "shop"),
        ("a view of a blueprint nested in it", "/shop/inner/1?abort", "GET", "inner"),
        ("a view of a blueprint nested in it", "/shop/inner/1?bug", "GET", "shop"),
        ("one of its `before_request` functions", "/shop/1?shop", "GET", "shop"),
        ("a `before_request` function of the application", "/shop/1?app", "GET", "shop"),
        ("a file missing in its static folder", "/shop/files/none", "GET", "shop"),
        ("an unknown URL below its prefix: 404", "/shop/none", "GET", "site"),
        ("a value that the converter refuses: 404", "/shop/one", "GET", "site"),
        ("a method that the rule does not answer: 405", "/shop/1", "POST", "site"),
        ("the view of another blueprint", "/other/1?abort", "GET", "site"),
    ],
)
def test_each_row_of_the_table_of_error_handlers(
    row: str, path: str, method: str, text: str
) -> None:
    (said,) = re.findall(rf"^\| {re.escape(row)}.*\| (asked|not asked)", PAGE, re.MULTILINE)
    app = scope_app()
    assert send(app, path, method).text == text
    assert said == ("not asked" if text == "site" else "asked")


def test_app_errorhandler_of_a_blueprint_hears_of_all_of_them() -> None:
    blueprint = new_blueprint(url_prefix="/notes")
    blueprint.app_errorhandler(HTTPException)(lambda error: (f"Heard {error.code}", error.code))
    app = new_app(blueprint)
    assert send(app, "/notes/unknown").text == "Heard 404"
    assert send(app, "/notes/", "POST").text == "Heard 405"


def test_a_blueprint_handles_500() -> None:
    blueprint, got = new_blueprint(), []
    blueprint.add_url_rule("/bug", "bug", lambda: 1 / 0)

    @blueprint.errorhandler(500)
    def handler(error: InternalServerError) -> tuple[str, int]:
        got.append(error.original_exception)
        return "Ours", 500

    assert send(new_app(blueprint), "/bug").text == "Ours"
    assert [type(error) for error in got] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("method", "path", "status", "own"),
    [
        ("GET", "/shop/tea", 200, None),
        ("GET", "/shop/nowhere", 404, True),
        ("GET", "/shop/no/where", 404, True),
        ("GET", "/shop/", 404, False),
        ("GET", "/shop", 404, False),
        ("POST", "/shop/tea", 405, None),
        ("POST", "/shop/nowhere", 405, None),
    ],
)
def test_a_path_rule_owns_the_unknown_urls_below_the_prefix(
    method: str, path: str, status: int, own: bool | None
) -> None:
    got = send(unknown_urls.app, path, method)
    assert got.status_code == status
    assert own in (got.text == "Not in the shop", None)


def test_hooks_of_the_blueprint_run_for_unknown_urls_that_it_owns() -> None:
    blueprint, seen = Blueprint("b", __name__, url_prefix="/b"), []
    blueprint.before_request(lambda: seen.append(request.path))
    blueprint.add_url_rule("/<path:rest>", "unknown", lambda rest: abort(404))
    app = new_app(blueprint)
    for path in ("/b/x", "/b/", "/x"):
        send(app, path)
    assert seen == ["/b/x"]


def test_with_more_methods_405_becomes_404() -> None:
    blueprint = Blueprint("b", __name__)
    blueprint.add_url_rule("/tea", "tea", answer)
    unknown: Callable[[str], str] = lambda rest: abort(404)  # noqa: E731
    blueprint.add_url_rule("/<path:rest>", "unknown", unknown, methods=["GET", "POST"])
    assert send(new_app(blueprint), "/tea", "POST").status_code == 404


# The application factory


def test_the_factory_makes_an_application_with_two_blueprints() -> None:
    app = notebook.create_app()
    assert send(app, "/notes/").json == ["bread", "tea"]
    assert send(app, "/search/?q=ea").json == ["bread", "tea"]
    assert app.blueprints == {"notes": notebook_notes.bp, "search": notebook_search.bp}


def test_each_call_makes_a_new_application() -> None:
    first, second = notebook.create_app(), notebook.create_app({"PAGE_SIZE": 1})
    added = send(first, "/notes/", "POST", data={"text": "rice"})
    assert (added.status_code, added.location) == (303, "/notes/")
    assert send(first, "/notes/").json == ["tea", "rice"]
    assert send(second, "/notes/").json == ["tea"]


def test_importing_the_package_makes_no_application() -> None:
    modules = (notebook, notebook_notes, notebook_search, notebook_extensions)
    assert not [v for m in modules for v in vars(m).values() if isinstance(v, Flask)]


def test_what_modules_share_is_bound_to_each_application() -> None:
    app = notebook.create_app({"FIRST_NOTES": ["早"]})
    with app.app_context():
        assert notebook_extensions.storage.notes == ["早"]


def test_the_folder_is_as_shown() -> None:
    shown = PAGE.split("```{code-block} text\nnotebook/\n")[1].split("```")[0].split()
    assert shown == sorted(file.name for file in HERE.joinpath("notebook").glob("*.py"))


def test_a_blueprint_that_becomes_a_package_has_folders_of_its_own(tmp_path: Path) -> None:
    package = tmp_path / "notebook"
    shutil.copytree(HERE / "notebook", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "notes").mkdir()
    moved = (package / "notes.py").read_text().replace("from .extensions", "from ..extensions")
    folders = ', template_folder="templates", static_folder="static")'
    (package / "notes/__init__.py").write_text(
        moved.replace('url_prefix="/notes")', f'url_prefix="/notes"{folders}')
    )
    (package / "notes.py").unlink()
    code = "from notebook import create_app; b = create_app().blueprints['notes']; "
    code += "print(b.jinja_loader.searchpath, b.static_folder)"
    own = package / "notes"
    assert python(tmp_path, "-c", code) == (0, f"{[str(own / 'templates')]} {own / 'static'}\n")


def test_current_app_works_in_views_hooks_and_commands_not_at_the_top(tmp_path: Path) -> None:
    seen = []
    blueprint = new_blueprint()
    blueprint.before_request(lambda: seen.append(current_app.name))
    blueprint.add_url_rule("/name", "name", lambda: current_app.name)
    assert send(new_app(blueprint), "/name").text == "blueprints-test"
    assert seen == ["blueprints-test"]
    assert invoke(commands.app, "notes", "add", "milk")[1] == "milk added to the diary\n"
    files(tmp_path, top="from flask import current_app\ncurrent_app.name\n")
    code, said = python(tmp_path, "top.py")
    assert (code, "RuntimeError: Working outside of application context." in said) == (1, True)


FLASK = "from flask import Flask\n"
MAKE = f'{FLASK}def make(name):\n    app = Flask("b", static_folder=None)\n'
MAKE += '    app.add_url_rule("/" + name, name, lambda: name)\n    return app\n'


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('other = make("other")\napp = make("app")\n', "app"),
        ('other = make("other")\napplication = make("application")\n', "application"),
        ('def create_app():\n    return make("create")\nother = make("other")\n', "other"),
        ('def make_app():\n    return make("made")\n', "made"),
        (
            'def make_app():\n    return make("made")\ndef create_app():\n    return make("x")\n',
            "x",
        ),
    ],
)
def test_where_the_flask_command_finds_the_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, found: str
) -> None:
    files(tmp_path, found=MAKE + content)
    app = locate(tmp_path, monkeypatch, "found")
    assert list(rules(app)) == [found]


def locate(folder: Path, monkeypatch: pytest.MonkeyPatch, address: str | None) -> Flask:
    """Find an application as `flask --app` does, in this process."""
    known = set(sys.modules)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    try:
        return ScriptInfo(address).load_app()
    finally:
        # a module of the same name in the next test is another one
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder.resolve())):
                del sys.modules[name]


@pytest.mark.parametrize("file", ["wsgi", "app"])
def test_wsgi_py_and_app_py_are_found_without_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "notebook", tmp_path / "notebook", ignore=ignore)
    lines = ("from notebook import create_app", "app = create_app()")
    assert all(f"`{line}`" in PAGE for line in lines)
    files(tmp_path, **{file: "\n".join(lines)})
    assert list(locate(tmp_path, monkeypatch, None).blueprints) == ["notes", "search"]


def test_flask_routes_with_arguments_for_the_factory_prints_what_the_page_shows() -> None:
    address = "snippets.blueprints.notebook:create_app({'PAGE_SIZE': 1})"
    shown = PAGE.split(f'$ flask --app "{address}" routes\n')[1].split("\n```")[0]
    code, said = flask(ROOT, "--app", address, "routes")
    assert code == 0
    assert [line.rstrip() for line in said.splitlines()] == shown.splitlines()


def test_literal_arguments_reach_the_factory(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "snippets.blueprints.notebook:create_app({'PAGE_SIZE': 1})"
    assert locate(ROOT, monkeypatch, address).config["PAGE_SIZE"] == 1


@pytest.mark.parametrize(
    ("content", "address", "message"),
    [
        (
            "def make_it():\n    return Flask(__name__)\n",
            "notebook",
            "Failed to find Flask application or factory in module 'notebook'."
            " Use 'notebook:name' to specify one.",
        ),
        (
            "def create_app():\n    app = Flask(__name__)\n",
            "notebook",
            "Failed to find Flask application or factory in module 'notebook'."
            " Use 'notebook:name' to specify one.",
        ),
        (
            "def create_app():\n    app = Flask(__name__)\n",
            "notebook:create_app()",
            "A valid Flask application was not obtained from 'notebook:create_app()'.",
        ),
        (
            "def create_app(config):\n    return Flask(__name__)\n",
            "notebook",
            "Detected factory 'create_app' in module 'notebook', but could not call it without"
            " arguments. Use 'notebook:create_app(args)' to specify arguments.",
        ),
        (
            "CONFIG = {}\ndef create_app(config):\n    return Flask(__name__)\n",
            "notebook:create_app(CONFIG)",
            "Failed to parse arguments as literal values: 'create_app(CONFIG)'.",
        ),
    ],
)
def test_what_the_flask_command_says_of_a_factory_that_it_cannot_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, address: str, message: str
) -> None:
    files(tmp_path, notebook=FLASK + content)
    assert error_of(lambda: locate(tmp_path, monkeypatch, address)) == f"NoAppException: {message}"
    on_the_page(f"Error: {message}")


def test_the_flask_command_says_error_before_its_message(tmp_path: Path) -> None:
    files(tmp_path, notebook=f"{FLASK}def create_app():\n    app = Flask(__name__)\n")
    code, said = flask(tmp_path, "--app", "notebook", "routes")
    assert code == 2
    message = "Error: Failed to find Flask application or factory in module 'notebook'."
    assert on_the_page(message) in " ".join(said.split())


# Circular imports


def circular(folder: Path, **changed: str) -> None:
    """Write the page's two modules, or others in their place."""
    for name in ("app", "views"):
        source = (HERE / f"circular/{name}.py.txt").read_text(encoding="utf-8")
        files(folder, **{name: changed.get(name, source)})


def source_of(name: str) -> str:
    return (HERE / f"circular/{name}.py.txt").read_text(encoding="utf-8")


def test_the_circular_import_ends_as_the_page_shows(tmp_path: Path) -> None:
    circular(tmp_path)
    code, said = flask(tmp_path, "--app", "app", "run")
    assert code == 2
    lines = said.rstrip().replace(str(tmp_path.resolve()), "/srv/shop").splitlines()
    shown = PAGE.split("$ flask --app app run\n")[1].split("\n```")[0].splitlines()
    head, tail = shown[: shown.index("  ...")], shown[shown.index("  ...") + 1 :]
    start = lines.index(head[0])
    assert lines[start : start + len(head)] == head
    assert lines[-len(tail) :] == tail
    title = PAGE.split(":::{pitfall} `ImportError")[1].split("`")[0]
    assert lines[-1] == f"ImportError{title} (/srv/shop/app.py)"


def test_the_name_in_the_error_depends_on_where_the_import_began(tmp_path: Path) -> None:
    circular(tmp_path)
    assert '`python -c "import views"` says' in PAGE
    code, said = python(tmp_path, "-c", "import views")
    assert code == 1
    message = on_the_page("cannot import name 'notes' from partially initialized module 'views'")
    assert f"ImportError: {message} (most likely due to a circular import)" in said


@pytest.mark.parametrize("first", ["", ".extensions", ".notes", ".search"])
def test_each_module_of_the_factory_can_be_imported_first(first: str) -> None:
    code = f"import snippets.blueprints.notebook{first}; "
    code += "from snippets.blueprints.notebook import create_app; print(create_app().blueprints)"
    done, said = python(ROOT, "-W", "error", "-c", code)
    assert done == 0, said
    assert said.startswith("{'notes': <")


def test_all_arrows_of_the_factory_point_one_way() -> None:
    arrows: dict[str, set[str]] = {}
    for file in HERE.joinpath("notebook").glob("*.py"):
        found = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                found |= {node.module} if node.module else {alias.name for alias in node.names}
        arrows[file.stem] = found
    assert arrows == {
        "__init__": {"extensions", "notes", "search"},
        "notes": {"extensions"},
        "search": {"extensions"},
        "extensions": set(),
    }


def test_an_import_at_the_end_works_from_one_side_only(tmp_path: Path) -> None:
    moved = source_of("app").replace("from views import notes\n\n", "")
    moved = moved.replace("app.register", "from views import notes\n\napp.register")
    circular(tmp_path, app=moved)
    assert python(tmp_path, "-c", "import app") == (0, "")
    code, said = python(tmp_path, "-c", "import views")
    assert code == 1
    assert "ImportError: cannot import name 'notes' from partially initialized" in said


def test_import_app_works_in_a_view_and_not_at_the_top(tmp_path: Path) -> None:
    later = source_of("views").replace("from app import app", "import app")
    later = later.replace("{app.config", "{app.app.config")
    circular(tmp_path, views=later)
    code = "import app; print(app.app.test_client().get('/notes/').text)"
    assert python(tmp_path, "-c", code) == (0, "2 on a page\n")
    circular(tmp_path, views=later.replace("import app\n", "import app\n\napp.app.name\n"))
    failed, said = python(tmp_path, "-c", "import app")
    assert failed == 1
    last = said.splitlines()[-1].replace(str(tmp_path.resolve()), "/srv/shop")
    if sys.version_info < (3, 13):
        expected = "partially initialized module 'app' has no attribute 'app'"
        expected += " (most likely due to a circular import)"
    else:
        expected = "module 'app' has no attribute 'app' (consider renaming '/srv/shop/app.py' if"
        expected += " it has the same name as a third-party module you intended to import)"
    assert last == on_the_page(f"AttributeError: {expected}")


@pytest.mark.parametrize("first", ["app", "views"])
def test_an_import_inside_the_view_works_from_both_sides(tmp_path: Path, first: str) -> None:
    inside = source_of("views").replace("from app import app\n\n", "")
    inside = inside.replace("    return", "    from app import app\n\n    return")
    circular(tmp_path, views=inside)
    code = f"import {first}; from app import app; print(app.test_client().get('/notes/').text)"
    assert python(tmp_path, "-c", code) == (0, "2 on a page\n")


def test_started_as_a_script_there_are_two_applications(tmp_path: Path) -> None:
    views = "from app import app\n\n\n@app.get('/notes')\ndef notes():\n    return 'Notes'\n"
    app = f"{FLASK}app = Flask(__name__)\nimport views\nif __name__ == '__main__':\n"
    app += "    print(app.test_client().get('/notes').status)\n"
    circular(tmp_path, app=app, views=views)
    assert python(tmp_path, "app.py") == (0, "404 NOT FOUND\n")
    code, said = flask(tmp_path, "--app", "app", "routes")
    assert (code, "/notes" in said) == (0, True)


# Commands


def test_commands_are_in_a_group_of_the_name_or_another_or_none() -> None:
    block = PAGE.split("$ flask --app snippets.blueprints.commands ", 1)[1].split("\n```")[0]
    for step in block.split("$ flask --app snippets.blueprints.commands "):
        line, said = step.strip().split("\n")
        assert invoke(commands.app, *line.split()) == (0, f"{said}\n")


def test_the_flask_command_runs_a_command_of_a_blueprint() -> None:
    given = ("--app", "snippets.blueprints.commands", "notes", "add", "milk")
    assert flask(ROOT, *given) == (0, "milk added to the diary\n")


def command(name: str, text: str, **options: Any) -> Blueprint:
    """Return a blueprint with one command."""
    blueprint = Blueprint(name, __name__, **options)
    blueprint.cli.command(text)(lambda: print(text, current_app.name))  # noqa: T201
    return blueprint


def test_a_command_has_current_app_and_no_request_and_runs_no_hook() -> None:
    blueprint, seen = new_blueprint(), []
    blueprint.before_request(lambda: seen.append("hook"))
    blueprint.cli.command("look")(lambda: seen.append((current_app.name, has_request_context())))
    assert invoke(new_app(blueprint), "notes", "look")[0] == 0
    assert seen == [("blueprints-test", False)]


def test_the_group_of_a_nested_blueprint_has_the_full_name() -> None:
    shop = Blueprint("shop", __name__)
    shop.register_blueprint(command("cart", "list"))
    assert "`flask shop.cart …`" in PAGE
    assert invoke(new_app(shop), "shop.cart", "list") == (0, "list blueprints-test\n")


def test_without_its_group_a_command_is_not_found() -> None:
    code, said = invoke(commands.app, "add", "milk")
    assert code == 2
    assert said.splitlines()[-1] == on_the_page("Error: No such command 'add'.")


def test_a_group_needs_a_command_when_its_blueprint_is_registered() -> None:
    blueprint = Blueprint("notes", __name__)
    app = new_app(blueprint)
    blueprint.cli.command("add")(answer)
    code, said = invoke(app, "notes", "add")
    assert code == 2
    assert "Error: No such command 'notes'." in said


def test_the_second_of_two_groups_of_one_name_replaces_the_first() -> None:
    app = new_app(command("a", "one", cli_group="tools"), command("b", "two", cli_group="tools"))
    assert invoke(app, "tools", "two") == (0, "two blueprints-test\n")
    code, said = invoke(app, "tools", "one")
    assert (code, said.splitlines()[-1]) == (2, "Error: No such command 'one'.")


def test_without_a_group_the_later_command_wins_but_never_over_flasks_own() -> None:
    first, second = command("a", "same", cli_group=None), Blueprint("b", __name__, cli_group=None)
    second.cli.command("same")(lambda: print("second"))  # noqa: T201
    second.cli.command("routes")(lambda: print("ours"))  # noqa: T201
    app = new_app(first, second)
    assert invoke(app, "same") == (0, "second\n")
    assert invoke(app, "routes") == (0, "No routes were registered.\n")
    assert list(FlaskGroup().commands) == ["run", "shell", "routes"]


# How it works inside


def test_routes_are_kept_in_a_list_and_hooks_in_dictionaries() -> None:
    blueprint = Blueprint("notes", __name__, url_prefix="/notes")
    assert blueprint.deferred_functions == []
    blueprint.get("/")(answer)
    blueprint.before_app_request(answer)
    blueprint.app_errorhandler(404)(answer)
    assert len(blueprint.deferred_functions) == 3
    blueprint.before_request(answer)
    blueprint.register_error_handler(404, answer)
    assert len(blueprint.deferred_functions) == 3
    assert blueprint.before_request_funcs == {None: [answer]}
    states: list[BlueprintSetupState] = []
    blueprint.record(states.append)
    app = new_app(blueprint)
    (state,) = states
    assert (state.app, state.url_prefix, state.name) == (app, "/notes", "notes")


def test_hooks_and_handlers_are_copied_under_the_name_of_the_blueprint() -> None:
    blueprint = new_blueprint()
    blueprint.before_request(answer)
    blueprint.register_error_handler(404, answer)
    app = new_app(blueprint)
    assert app.before_request_funcs == {"notes": [answer]}
    assert app.error_handler_spec["notes"][404] == {NotFound: answer}


def test_record_sees_the_configuration_before_the_first_request() -> None:
    plain = setup_state.create_app()
    exporting = setup_state.create_app(NOTES_EXPORT=True, NOTES_PER_PAGE=5)
    assert send(plain, "/notes/").text == "20 on a page"
    assert send(plain, "/notes/export").status_code == 404
    assert send(exporting, "/notes/").text == "5 on a page"
    assert send(exporting, "/notes/export").text == "All notes"
    assert rules(exporting)["notes.export"] == "/notes/export"


def test_record_runs_each_time_and_record_once_the_first_time() -> None:
    app, blueprint, seen = new_app(), Blueprint("b", __name__), []
    blueprint.record(lambda state: seen.append(f"record {state.name}"))
    blueprint.record_once(lambda state: seen.append(f"once {state.name}"))
    app.register_blueprint(blueprint)
    app.register_blueprint(blueprint, name="c")
    assert seen == ["record b", "once b", "record c"]


def test_blueprints_are_kept_under_their_full_names_in_order() -> None:
    assert list(nested.app.blueprints) == ["shop", "shop.comments", "blog", "blog.comments"]
    assert nested.app.blueprints["blog.comments"] is nested.comments


def test_a_class_based_view_has_the_name_of_the_blueprint_too() -> None:
    blueprint = Blueprint("notes", __name__)
    blueprint.add_url_rule("/", view_func=MethodView.as_view("all"))
    assert list(rules(new_app(blueprint))) == ["notes.all"]


# Pitfalls


@pytest.mark.parametrize("name", ["route", "get", "before_request"])
def test_a_blueprint_that_is_registered_takes_no_more(name: str) -> None:
    blueprint = new_blueprint()
    new_app(blueprint)
    message = on_the_page(
        "AssertionError: The setup method 'route' can no longer be called on the blueprint"
        f" 'notes'. {BP_DONE}"
    )
    got = error_of(lambda: getattr(blueprint, name)("/late"))
    assert got == message.replace("'route'", f"'{name}'")


def test_a_route_in_create_app_fails_the_second_time() -> None:
    blueprint = Blueprint("notes", __name__)

    def create_app() -> Flask:
        blueprint.route("/")(answer)
        return new_app(blueprint)

    create_app()
    assert "can no longer be called on the blueprint 'notes'" in error_of(create_app)


def test_views_that_are_not_imported_are_404(tmp_path: Path) -> None:
    app = f"{FLASK}from notes import bp\napp = Flask(__name__)\napp.register_blueprint(bp)\n"
    app += "print(app.test_client().get('/').status)\n"
    made = "from flask import Blueprint\nbp = Blueprint('notes', __name__)\n"
    files(tmp_path, app=app)
    (tmp_path / "notes").mkdir()
    files(tmp_path / "notes", __init__=made)
    views = "from . import bp\n@bp.get('/')\ndef index():\n    return 'Notes'\n"
    files(tmp_path / "notes", views=views)
    assert python(tmp_path, "app.py") == (0, "404 NOT FOUND\n")
    files(tmp_path / "notes", __init__=f"{made}from . import views\n")
    assert python(tmp_path, "app.py") == (0, "200 OK\n")


def test_two_views_of_one_name_are_refused_when_the_blueprint_is_registered() -> None:
    blueprint = new_blueprint()
    blueprint.add_url_rule("/again", "index", lambda: "")
    assert error_of(lambda: new_app(blueprint)) == on_the_page(
        "AssertionError: View function mapping is overwriting an existing endpoint function:"
        " notes.index"
    )
    with pytest.raises(AssertionError) as caught:
        new_app(blueprint)
    # of this file, only the call and the line that registers
    here = [entry.name for entry in caught.traceback if entry.path == Path(__file__)]
    assert here == [inspect.stack()[0].function, "new_app"]


@pytest.mark.parametrize("name", ["config", "logger", "teardown_appcontext"])
def test_a_blueprint_is_no_application(name: str) -> None:
    message = on_the_page("AttributeError: 'Blueprint' object has no attribute 'config'")
    got = error_of(lambda: getattr(new_blueprint(), name))
    assert got == message.replace("'config'", f"'{name}'")
    assert hasattr(Flask("b"), name)


def test_register_blueprint_does_not_take_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_notes, "__name__", "notebook.notes")
    assert error_of(lambda: new_app(notebook_notes)) == on_the_page(  # type: ignore[arg-type]
        "AttributeError: module 'notebook.notes' has no attribute 'register'"
    )


def test_import_name_is_required() -> None:
    assert error_of(lambda: Blueprint("notes")) == on_the_page(  # type: ignore[call-arg]
        "TypeError: Blueprint.__init__() missing 1 required positional argument: 'import_name'"
    )


def test_an_application_takes_in_no_blueprint_after_its_first_request() -> None:
    app = new_app()
    send(app)
    got = error_of(lambda: app.register_blueprint(new_blueprint()))
    assert got.startswith(
        on_the_page(
            "AssertionError: The setup method 'register_blueprint' can no longer be called on the"
            f" application. {APP_DONE}"
        )
    )


# Then and now


@pytest.mark.parametrize(
    "name", ["before_app_first_request", "json_encoder", "warn_on_modifications"]
)
def test_what_old_posts_use_is_gone(name: str) -> None:
    assert not hasattr(Blueprint, name)


def test_there_is_no_module_class() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Module' from 'flask'"):
        from flask import Module  # noqa: F401
