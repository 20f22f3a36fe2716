"""Parameters: docs/guide/blueprints.md."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from flask import Blueprint

from proven.claims.proofs import proves
from tests.guide.blueprints.common import PAGE, ROOT, answer, new_app, new_blueprint, rules


@proves(
    "guide/blueprints",
    "name | first part of every endpoint | required",
    "import_name | __name__; Flask looks for the folders below beside this module | required",
    "url_prefix | first part of every path | no prefix",
    "subdomain | the subdomain of the routes | the bare domain",
    "url_defaults | arguments for every view that are not part of the URL | none",
    "template_folder | a folder with templates | no templates of its own",
    "static_folder | a folder with static files | no static files of its own",
    "static_url_path | the address of these files, after the prefix | the name of the folder",
    "root_path | the folder that contains the other folders | the folder of import_name",
    "cli_group | the group of its commands | its name",
)
def test_the_table_has_every_parameter_in_order() -> None:
    table = PAGE.split("(blueprint-parameters)=")[1].split("\n\n")[1]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    parameters = inspect.signature(Blueprint).parameters
    assert sorted(named) == sorted(set(parameters))
    required = re.findall(r"^\| `(\w+)` \|.*\| required \|$", table, re.MULTILINE)
    assert required == [name for name, p in parameters.items() if p.default is p.empty]


@proves(
    "guide/blueprints",
    "import_name | __name__; Flask looks for the folders below beside this module | required",
    "url_prefix | first part of every path | no prefix",
    "subdomain | the subdomain of the routes | the bare domain",
    "url_defaults | arguments for every view that are not part of the URL | none",
    "template_folder | a folder with templates | no templates of its own",
    "static_folder | a folder with static files | no static files of its own",
    "static_url_path | the address of these files, after the prefix | the name of the folder",
    "root_path | the folder that contains the other folders | the folder of import_name",
    "cli_group | the group of its commands | its name",
)
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


@proves(
    "guide/blueprints",
    "register_blueprint takes name, url_prefix, subdomain, url_defaults and cli_group too.",
    "They replace the values of the blueprint, except url_defaults, which are merged.",
)
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


@proves(
    "guide/blueprints",
    "register_blueprint ignores options that it does not know, such as template_folder, "
    "and raises no error.",
    "The option is called url_prefix.",
)
def test_unknown_options_of_register_blueprint_are_passed_over() -> None:
    app = new_app(new_blueprint(), prefix="/notes", template_folder="nowhere")
    assert rules(app) == {"notes.index": "/"}
    assert app.blueprints["notes"].template_folder is None
