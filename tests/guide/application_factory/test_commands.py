"""Commands: docs/guide/application-factory.md."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, has_request_context
from flask.cli import FlaskGroup

from proven.claims.proofs import proves
from snippets.blueprints import commands
from tests.guide.blueprints.common import (
    PAGE,
    ROOT,
    answer,
    flask,
    invoke,
    new_app,
    new_blueprint,
    on_the_page,
)


@proves(
    "guide/application-factory",
    "blueprint.cli collects commands (…).",
    "They belong to a group with the name of the blueprint.",
    "cli_group sets another name for the group; with None there is no group.",
)
@proves("guide/blueprints", "Use blueprint.cli (…).")
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


@proves(
    "guide/application-factory",
    "A command runs in an application context, so it can use current_app.",
    "There is no request, so no before_request function of the blueprint runs.",
)
def test_a_command_has_current_app_and_no_request_and_runs_no_hook() -> None:
    blueprint, seen = new_blueprint(), []
    blueprint.before_request(lambda: seen.append("hook"))
    blueprint.cli.command("look")(lambda: seen.append((current_app.name, has_request_context())))
    assert invoke(new_app(blueprint), "notes", "look")[0] == 0
    assert seen == [("blueprints-test", False)]


@proves(
    "guide/application-factory",
    "The group of a nested blueprint has the full name: flask shop.cart ….",
)
def test_the_group_of_a_nested_blueprint_has_the_full_name() -> None:
    shop = Blueprint("shop", __name__)
    shop.register_blueprint(command("cart", "list"))
    assert "`flask shop.cart …`" in PAGE
    assert invoke(new_app(shop), "shop.cart", "list") == (0, "list blueprints-test\n")


@proves("guide/application-factory", "The command needs its group: flask notes add.")
def test_without_its_group_a_command_is_not_found() -> None:
    code, said = invoke(commands.app, "add", "milk")
    assert code == 2
    assert said.splitlines()[-1] == on_the_page("Error: No such command 'add'.")


@proves(
    "guide/application-factory",
    "If flask does not know the group either, the blueprint is not registered, or it had "
    "no command when it was registered.",
)
def test_a_group_needs_a_command_when_its_blueprint_is_registered() -> None:
    blueprint = Blueprint("notes", __name__)
    app = new_app(blueprint)
    blueprint.cli.command("add")(answer)
    code, said = invoke(app, "notes", "add")
    assert code == 2
    assert "Error: No such command 'notes'." in said


@proves(
    "guide/application-factory",
    "Two blueprints have the same cli_group, and the group of the second replaces that of "
    "the first.",
)
def test_the_second_of_two_groups_of_one_name_replaces_the_first() -> None:
    app = new_app(command("a", "one", cli_group="tools"), command("b", "two", cli_group="tools"))
    assert invoke(app, "tools", "two") == (0, "two blueprints-test\n")
    code, said = invoke(app, "tools", "one")
    assert (code, said.splitlines()[-1]) == (2, "Error: No such command 'one'.")


@proves(
    "guide/application-factory",
    "With cli_group=None, the later of two commands with the same name is used, and run, "
    "shell and routes are always the commands of Flask.",
)
def test_without_a_group_the_later_command_wins_but_never_over_flasks_own() -> None:
    first, second = command("a", "same", cli_group=None), Blueprint("b", __name__, cli_group=None)
    second.cli.command("same")(lambda: print("second"))  # noqa: T201
    second.cli.command("routes")(lambda: print("ours"))  # noqa: T201
    app = new_app(first, second)
    assert invoke(app, "same") == (0, "second\n")
    assert invoke(app, "routes") == (0, "No routes were registered.\n")
    assert list(FlaskGroup().commands) == ["run", "shell", "routes"]
