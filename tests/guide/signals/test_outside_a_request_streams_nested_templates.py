"""Outside a request, streams, nested templates: docs/guide/signals.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, render_template, render_template_string, stream_template

from proven.claims.proofs import proves
from snippets.signals import captured
from tests.guide.signals.common import names, send


@proves(
    "guide/signals",
    "A flask command and with app.app_context(): send the three signals of the "
    "application context.",
    "It is the application context, and commands have one too.",
)
def test_an_application_context_and_a_command_send_the_three_signals_of_the_context(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    three = ["appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"]
    with app.app_context():
        pass
    assert names(heard) == three
    heard.clear()
    app.cli.command("tidy")(lambda: None)
    assert app.test_cli_runner().invoke(args=["tidy"]).exit_code == 0
    assert names(heard) == three


@proves(
    "guide/signals",
    "app.test_request_context() also sends request_tearing_down.",
    "It sends neither request_started nor request_finished, because it calls no view.",
)
def test_a_test_request_context_sends_teardown_but_neither_started_nor_finished(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    with app.test_request_context("/"):
        pass
    assert names(heard) == [
        "appcontext_pushed",
        "request_tearing_down",
        "appcontext_tearing_down",
        "appcontext_popped",
    ]


@proves(
    "guide/signals",
    "flask.stream_template() sends before_render_template when it is called, and "
    "template_rendered after its last piece.",
    "If the client disconnects before that, template_rendered is not sent.",
)
def test_a_streamed_template_is_rendered_after_its_last_piece(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    @app.get("/stream")
    def stream() -> Iterator[str]:
        pieces = stream_template("page.html")
        heard.append(("returned", {}))
        return pieces

    response = app.test_client().get("/stream")
    assert "template_rendered" not in names(heard)
    assert names(heard).index("before_render_template") < names(heard).index("returned")
    assert response.text == "part"
    assert names(heard)[-5:].count("template_rendered") == 1
    response.close()

    heard.clear()
    response = app.test_client().get("/stream")
    response.close()
    assert "before_render_template" in names(heard)
    assert "template_rendered" not in names(heard)


@proves(
    "guide/signals",
    "For a template that extends or includes others, each of the two signals is sent once.",
)
def test_a_template_that_extends_and_includes_sends_one_pair(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.add_url_rule("/page", view_func=lambda: render_template("page.html"), endpoint="page")
    assert send(app, "/page").text == "part"
    assert [
        (name, arguments["template"]) for name, arguments in heard if "template" in arguments
    ] == [("before_render_template", "page.html"), ("template_rendered", "page.html")]


@proves("guide/signals", "A template of flask.render_template_string() has the name None.")
def test_a_template_from_a_string_has_no_name(app: Flask) -> None:
    with captured.captured_templates(app) as rendered, app.test_request_context():
        render_template_string("x")
    assert [template.name for template, _ in rendered] == [None]


@proves(
    "guide/signals",
    "template_rendered | after the template, if it raised no error | template, context",
)
def test_a_template_that_fails_is_not_rendered(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.add_url_rule("/broken", view_func=lambda: render_template("broken.html"), endpoint="broken")
    assert send(app, "/broken").status_code == 500
    assert "before_render_template" in names(heard)
    assert "template_rendered" not in names(heard)
