"""The command that lists the routes."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from proven.claims.proofs import proves
from snippets.routing import (
    precedence,
    subdomains,
)
from tests.guide.routing.helpers import PAGE, ROOT, send


def routes(module: str, *options: str) -> list[str]:
    """Return what `flask routes` prints, without trailing spaces."""
    command = [sys.executable, "-m", "flask", "--app", module, "routes"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


@proves("guide/routing", "flask routes prints the routes of the application.")
def test_flask_routes_prints_what_the_page_shows() -> None:
    shown = PAGE.split("$ flask --app snippets.routing.methods routes\n")[1].split("\n```")[0]
    assert routes("snippets.routing.methods") == shown.splitlines()


@proves("guide/routing", "--all-methods also lists HEAD and OPTIONS.")
def test_all_methods_shows_head_and_options() -> None:
    assert routes("snippets.routing.methods", "--all-methods")[3].split()[1:4] == [
        "GET,",
        "HEAD,",
        "OPTIONS",
    ]


@proves("guide/routing", "If a rule has a subdomain or a host, the list has one more column.")
def test_subdomains_and_hosts_add_a_column() -> None:
    assert routes("snippets.routing.subdomains")[0].split() == [
        "Endpoint",
        "Methods",
        "Subdomain",
        "Rule",
    ]
    assert routes("snippets.routing.hosts")[0].split() == ["Endpoint", "Methods", "Host", "Rule"]


@proves(
    "guide/routing",
    "--sort match sorts by registration, not by matching.",
    "For the rules that overlap it lists /<path:rest> before /users/me, although "
    "/<path:rest> is matched last.",
)
def test_sort_match_is_not_the_order_of_matching() -> None:
    rules = [
        line.split()[-1] for line in routes("snippets.routing.precedence", "--sort", "match")[2:]
    ]
    assert rules.index("/<path:rest>") < rules.index("/users/me")
    assert send(precedence.app, "/users/me").json == {"rule": "/users/me"}
    assert rules == [rule.rule for rule in precedence.app.url_map.iter_rules()]


@proves("guide/routing", "--sort accepts endpoint, methods, domain, rule or match.")
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


@proves("guide/routing", "If a route is missing, its module was probably not imported.")
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
