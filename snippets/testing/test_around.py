"""Tests of what is around a view: the clock, the log, the environment, a command."""

import pytest
import time_machine
from flask.testing import FlaskClient, FlaskCliRunner

from snippets.testing.shop import create_app


@pytest.mark.parametrize(("day", "text"), [("2026-11-30", "open"), ("2026-12-01", "closed")])
def test_the_time(client: FlaskClient, day: str, text: str) -> None:
    with time_machine.travel(day):
        assert client.get("/sale").text == text


def test_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    response = client.post("/login", data={"name": "阿达", "password": "wrong"})
    assert response.status_code == 403
    assert "log-in failed: 阿达" in caplog.messages


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET_KEY", "from outside")
    assert create_app().secret_key == "from outside"


def test_a_command(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["stock", "tea"])
    assert result.output == "3\n"
    assert result.exit_code == 0
    assert runner.invoke(args=["stock"]).exit_code == 2
