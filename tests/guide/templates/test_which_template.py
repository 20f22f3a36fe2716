"""Which template: docs/guide/templates.md."""

from __future__ import annotations

import logging
import re

import pytest

from proven.claims.proofs import proves
from snippets.templates import which_file
from snippets.templates.try_out import create_app
from tests.guide.templates.common import ROOT, get, rendered, section

SNIPPETS = ROOT / "snippets/templates"


@proves(
    "guide/templates",
    "In a template, {{ self }} prints the name of the template.",
    "A global with jinja2.pass_context() reads it from context.name.",
    "app.jinja_env.get_template(name).filename is the file, and "
    "app.jinja_env.list_templates() lists all names.",
)
def test_three_ways_to_the_name_of_a_template() -> None:
    client = which_file.app.test_client()
    assert client.get("/").text == (
        "<p>&lt;TemplateReference &#39;whoami.html&#39;&gt;, whoami.html</p>"
    )
    assert client.get("/files/notes/list.html").json == {
        "file": "templates/notes/list.html",
        "name": "notes/list.html",
    }
    assert client.get("/names").json == ["notes/list.html", "notes/numbered.html"]
    files = (SNIPPETS / "templates").rglob("*.html")
    names = {file.relative_to(SNIPPETS / "templates").as_posix() for file in files}
    assert set(which_file.app.jinja_env.list_templates()) == names


@proves(
    "guide/templates",
    "EXPLAIN_TEMPLATE_LOADING logs each folder that Flask searches, the first time that "
    "it uses a template:",
)
def test_the_log_says_where_was_searched_and_only_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # an environment of its own, so that nothing is kept yet
    monkeypatch.setattr(
        which_file.app, "jinja_env", which_file.app.create_jinja_environment(), raising=False
    )
    with caplog.at_level(logging.INFO, logger=which_file.app.logger.name):
        rendered(which_file.app, "note.html")
        rendered(which_file.app, "note.html")
    [message] = caplog.messages
    [block] = re.findall(
        r"```\{code-block\} text\n(.*?)\n *```", section("templates-which-file"), re.S
    )
    told = "\n".join(line.removeprefix("  ") for line in block.splitlines())
    assert message.replace(str(SNIPPETS), "/app") == told


@proves(
    "guide/templates",
    "The extension jinja2.ext.debug adds {% debug %}, which prints all names, filters and tests.",
    "It also prints the configuration with the secret key, so do not use it on a server.",
)
def test_the_debug_tag_prints_the_configuration_too() -> None:
    app = create_app({"page.html": "{% debug %}"})
    app.secret_key = "a key for this test"
    app.jinja_env.add_extension("jinja2.ext.debug")
    page = get(app, "/")
    assert "a key for this test" in page
    assert "&#39;tojson&#39;" in page
    assert "&#39;divisibleby&#39;" in page
