"""Two applications beside each other, each with its notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from flask_notice import Notice, changed, current_store


@pytest.fixture
def apps(tmp_path: Path) -> list[Flask]:
    notice = Notice()
    made = []
    for name in ("tea", "books"):
        app = Flask(name)
        app.config.update(TESTING=True, NOTICE_DATABASE=tmp_path / f"{name}.sqlite")
        notice.init_app(app)
        app.add_url_rule("/", "index", lambda: render_template_string("{{ notice() }}"))
        made.append(app)
    return made


def test_each_application_has_its_notice(apps: list[Flask]) -> None:
    tea, books = apps
    tea.test_cli_runner().invoke(args=["notice", "set", "<b>Closed</b>"])
    assert "&lt;b&gt;Closed" in tea.test_client().get("/").text
    assert "Closed" not in books.test_client().get("/").text


def test_only_the_sender_is_heard(apps: list[Flask]) -> None:
    tea = apps[0]
    heard = []

    def listen(sender: Flask, text: str) -> None:
        heard.append((sender, text))

    with changed.connected_to(listen, tea):
        for app in apps:
            with app.app_context():
                current_store().write(app.name)
    assert heard == [(tea, "tea")]


def test_the_connection_is_closed(apps: list[Flask]) -> None:
    with apps[0].app_context():
        current_store().write("Closed")
        assert "notice_connection" in g
        connection = g.notice_connection
    with pytest.raises(Exception, match="closed database"):
        connection.execute("SELECT 1")


def test_it_is_bound_once(apps: list[Flask]) -> None:
    with pytest.raises(RuntimeError, match="bound to this application before"):
        Notice(apps[0])
