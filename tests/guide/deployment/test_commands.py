"""The commands, and what is written after gunicorn: docs/guide/deployment.md."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from gunicorn import config
from gunicorn.util import import_app

from proven.claims.proofs import proves
from tests.guide.deployment.common import (
    children,
    fetch,
    log_of,
    module,
    on_the_page,
    shop,
    shown,
    table,
)
from tests.servers import wait_for

FORMS = """
from flask import Flask
def create_app(name="shop"):
    return Flask(name)
app = Flask("variable")
application = Flask("default")
limit = 3
if __name__ == "__main__":
    app.run()
"""


@proves(
    "guide/deployment",
    "A WSGI server runs your application in production, in the place of flask run.",
    "This page starts Gunicorn, Waitress and an ASGI server, and shows what they do with slow "
    "requests, new code and errors.",
)
@pytest.mark.parametrize("file", ["gunicorn.sh", "settings.sh", "waitress.sh", "uvicorn.sh"])
def test_each_command_of_the_page_starts_a_server(file: str) -> None:
    with shown(file) as server:
        if file == "uvicorn.sh":
            assert json.loads(fetch(server.port, "/wait/0.0")[1])["pid"] == server.pid
        else:
            assert fetch(server.port) == (200, "Tea and cups")
        if file == "settings.sh":
            wait_for(lambda: len(children(server.pid)) == 2)
            wait_for(lambda: '"GET / HTTP/1.1" 200' in server.log.read_text(encoding="utf-8"))


@proves(
    "guide/deployment",
    "flask run has one process, and does not replace it when it ends.",
    "It logs WARNING: This is a development server. Do not use it in a production deployment. "
    "Use a production WSGI server instead.",
    'app.run(host="0.0.0.0", port=80). Old posts start the application on a server like this.',
    "It is the development server.",
)
def test_the_development_server_is_one_process(tmp_path: Path) -> None:
    module(tmp_path, "old", FORMS.replace("app.run()", 'app.run(host="0.0.0.0", port=0)'))
    started = subprocess.Popen(
        ["python", "old.py"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    with started:
        assert started.stderr is not None
        assert on_the_page("WARNING: This is a development server. ") in started.stderr.readline()
        assert children(started.pid) == []
        started.kill()
        assert started.wait() == -signal.SIGKILL


@proves(
    "guide/deployment",
    "The argument is module:name.",
    "The module is imported from the current folder, so it is shop and not shop.py.",
    "shop:app | the variable app",
    '"shop:create_app()" | what the factory returns',
    "\"shop:create_app('test')\" | what the factory returns for these arguments, which have to be literals",
    "shop | the variable application",
)
def test_each_form_of_the_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "forms_of_shop", FORMS)
    monkeypatch.syspath_prepend(tmp_path)
    written = [
        row[0].strip('`"').replace("shop", "forms_of_shop", 1)
        for row in table("deployment-factory-string")
    ]
    assert [import_app(argument).name for argument in written] == [
        "variable",
        "shop",
        "test",
        "default",
    ]
    # not a literal
    said = log_of("gunicorn", "forms_of_shop:create_app(app)", cwd=tmp_path)
    assert "Failed to parse arguments as literal values: 'create_app(app)'" in said


@proves(
    "guide/deployment",
    "The quotation marks are for the shell.",
    "Without them, bash reports syntax error near unexpected token `(' and starts nothing.",
)
def test_bash_needs_the_quotation_marks(tmp_path: Path) -> None:
    said = log_of("bash", "-c", "gunicorn shop:create_app()", cwd=tmp_path)
    assert "syntax error near unexpected token `('" in said
    assert "gunicorn 2" not in said
    on_the_page("syntax error near unexpected token `('")


@proves(
    "guide/deployment",
    "Gunicorn reads neither .env nor FLASK_APP, and it does not call app.run().",
    "If the factory raises an exception, the worker does not start, and the log has the traceback.",
)
def test_what_gunicorn_does_not_do(tmp_path: Path) -> None:
    module(
        tmp_path,
        "shop",
        FORMS + "\nimport os\ndef fails():\n    raise OSError(os.environ.get('KEY'))\n",
    )
    tmp_path.joinpath(".env").write_text("KEY=of-the-file", encoding="utf-8")
    said = log_of("gunicorn", "--no-control-socket", "shop:fails()", cwd=tmp_path)
    assert "Traceback" in said
    assert "OSError: None" in said
    assert "Reason: Worker failed to boot." in said
    assert "development server" not in said
    said = log_of("gunicorn", cwd=tmp_path, FLASK_APP="shop:app")
    assert "Error: No application module specified." in said


@proves(
    "guide/deployment",
    "It is Python, and each option is a variable:",
    "A file named gunicorn.conf.py in the current folder is read without the option.",
    "An option on the command line takes precedence over the file.",
    "gunicorn --check-config loads the application and ends.",
)
def test_the_file_of_settings(tmp_path: Path) -> None:
    module(tmp_path, "gunicorn.conf", "workers = 3\nthreads = 5\n")
    said = log_of("gunicorn", "--threads", "7", "--print-config", "shop:app", cwd=shop(tmp_path))
    printed = dict(line.split("=", 1) for line in said.replace(" ", "").splitlines() if "=" in line)
    assert (printed["workers"], printed["threads"]) == ("3", "7")
    assert log_of("gunicorn", "--check-config", "shop:create_app()", cwd=tmp_path) == ""
    assert "Failed to find attribute" in log_of(
        "gunicorn", "--check-config", "shop:no", cwd=tmp_path
    )
    from snippets.deployment import gunicorn_settings

    known = set(config.KNOWN_SETTINGS and [setting.name for setting in config.KNOWN_SETTINGS])
    assert {name for name in vars(gunicorn_settings) if name[0] != "_"} - {"os"} <= known
    assert config.AccessLog.default is None
