"""The steps of docs/start/first-app.md, done in a folder of their own as a reader does them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask, Response
from jinja2 import TemplateNotFound

from proven.base.project import DOCS, ROOT
from proven.claims.proofs import proves
from snippets.first_app.step_1 import hello as step_1
from snippets.first_app.step_2 import hello as step_2
from tests.needs import programs
from tests.servers import Server, flask_run, running, wait_for

SOURCE = DOCS.joinpath("start/first-app.md").read_text(encoding="utf-8")
FLASK = Path(sys.executable).with_name("flask")
STEPS = ROOT / "snippets/first_app"
BARE = {
    name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "PYTHON"))
}


def terminal(beginning: str) -> str:
    """Return what the page shows below a command."""
    found = re.search(rf"^\$ {re.escape(beginning)}.*\n((?:(?!\$ |```).*\n)+)", SOURCE, re.M)
    assert found
    return found[1]


def run(*words: str | Path, folder: Path, **environment: str) -> str:
    """Return what a command prints in a folder."""
    done = subprocess.run(
        words,
        cwd=folder,
        env={**BARE, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def copy(step: str, folder: Path) -> None:
    """Write the files of a step into the folder of a reader."""
    ignore = shutil.ignore_patterns("__init__.py", "__pycache__")
    shutil.copytree(STEPS / step, folder, ignore=ignore, dirs_exist_ok=True)


def get(server: Server, path: str = "/") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.port}{path}", timeout=60
        ) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which Flask is not installed."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    return next(folder.glob(".venv/*/python"))


@pytest.fixture(scope="module")
def debugged() -> Iterator[Server]:
    server = flask_run("hello", "--debug", PYTHONPATH="")
    copy("step_1", server.folder)
    with running(server):
        wait_for(lambda: "Debugger PIN" in server.log.read_text())
        yield server


@proves(
    "start/first-app",
    "This page takes you from nothing to an application with two pages, a template and a test.",
    "It needs ten minutes, Python 3.9 or newer, and no knowledge of the web.",
)
def test_what_it_needs() -> None:
    assert metadata("flask")["Requires-Python"] == ">=3.9"
    rules = {rule.rule for rule in step_2.app.url_map.iter_rules() if rule.endpoint != "static"}
    assert rules == {"/", "/hello/<name>"}
    assert step_1.app.test_client().get("/").text == "Hello, Flask!"


@proves(
    "start/first-app",
    "Make a folder for the project, and in it an environment, a folder .venv that holds the libraries of this project "
    "only.",
    "While the environment is active, its name stands before the prompt, and python, pip and flask are those of the "
    "environment.",
    "deactivate leaves it.",
    "The environment is not active in this terminal: . .venv/bin/activate.",
)
def test_an_environment(bare: Path) -> None:
    folder = bare.parents[2]
    bare.with_name("flask").write_text("#!/bin/sh\necho flask of the environment\n")
    bare.with_name("flask").chmod(0o755)
    shell = 'hash -r; type -P flask || flask; type -P python; echo "[$PS1]"'
    script = f"PS1='$ '; {shell}; . .venv/bin/activate; {shell}; deactivate; {shell}"
    printed = run("bash", "-c", script, folder=folder, PATH="/usr/bin:/bin").splitlines()
    active = [line for line in printed if str(folder) in line]
    assert active == [str(bare.with_name("flask")), str(bare)]
    assert sum("flask: command not found" in line for line in printed) == 2
    assert "[(.venv) $ ]" in printed
    assert printed[-1] == "[$ ]"
    bare.with_name("flask").unlink()
    for title in ("`flask: command not found`", ". .venv/bin/activate"):
        assert title in SOURCE


@proves(
    "start/first-app",
    "The Python that runs your program is not the one in which you installed Flask.",
    'python -c "import sys; print(sys.executable)" prints which.',
    "It should lie in .venv.",
    "python -m flask does the same as flask.",
)
def test_another_python(bare: Path, tmp_path: Path) -> None:
    copy("step_1", tmp_path)
    message = "ModuleNotFoundError: No module named 'flask'"
    assert message in run(bare, "hello.py", folder=tmp_path)
    assert f"`{message}`" in SOURCE
    code = "import sys; print(sys.executable)"
    assert run(bare, "-c", code, folder=tmp_path).strip() == str(bare)
    assert (
        run(bare, "-c", "import sys; print(sys.prefix)", folder=tmp_path).strip().endswith(".venv")
    )
    routes = ["--app", "hello", "routes"]
    assert run(FLASK, *routes, folder=tmp_path) == run(
        sys.executable, "-m", "flask", *routes, folder=tmp_path
    )


@proves(
    "start/first-app",
    "You are not in an environment, and pip would change the Python of your system.",
    "python -m pip install flask installs for the python that runs it.",
    "virtualenv, easy_install. Python brings venv and pip today.",
)
def test_a_system_that_manages_its_python(tmp_path: Path) -> None:
    (tmp_path / "EXTERNALLY-MANAGED").write_text("[externally-managed]\nError=no\n")
    # Debian's Python has this file among its modules; here pip is told that ours does.
    code = (
        "import runpy, sys, sysconfig; real = sysconfig.get_path; folder = sys.argv[1]; "
        "sysconfig.get_path = lambda n, *a, **k: folder if n == 'stdlib' else real(n, *a, **k); "
        "sys.argv = ['pip', 'install', '--dry-run', '--no-index', 'flask']; "
        "runpy.run_module('pip', run_name='__main__')"
    )
    base = getattr(sys, "_base_executable", sys.executable)
    printed = run(base, "-c", code, str(tmp_path), folder=tmp_path)
    if "No module named pip" in printed:
        pytest.skip("pip not found; install with: apt-get install python3-pip")
    assert printed.startswith("error: externally-managed-environment")
    assert sys.base_prefix in run(base, "-m", "pip", "--version", folder=tmp_path)
    assert find_spec("venv")
    assert find_spec("ensurepip")
    assert "`error: externally-managed-environment`" in SOURCE


@proves(
    "start/first-app",
    "If you use uv, uv init, uv add flask and uv run flask … do the same, and nothing has to be activated.",
)
def test_uv(tmp_path: Path) -> None:
    (uv,) = programs("python3 -m pip install uv", "uv")
    quiet = {"UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON": sys.executable, "UV_NO_PROGRESS": "1"}
    for words in (["init", "--bare"], ["add", "flask"]):
        # What an earlier installation has left in the cache needs no network.
        if "error" in run(uv, "--offline", *words, folder=tmp_path, **quiet):
            run(uv, *words, folder=tmp_path, **quiet)
    copy("step_1", tmp_path)
    printed = run(uv, "run", "flask", "--app", "hello", "routes", folder=tmp_path, **quiet)
    assert "index" in printed, printed
    assert (tmp_path / ".venv").is_dir()


@proves(
    "start/first-app",
    "What the view returns is sent to the browser.",
    "The server runs until you press Ctrl+C, so open a second terminal for other commands.",
)
def test_the_terminal_shows_what_the_page_shows(debugged: Server) -> None:
    text = re.sub(r"\x1b\[[0-9;]*m", "", debugged.log.read_text())
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:5000", text)
    text = re.sub(r"\d{3}-\d{3}-\d{3}", "123-456-789", text)
    assert text.startswith(terminal("flask --app hello run --debug"))
    assert get(debugged) == (200, "Hello, Flask!")
    assert debugged.runs


@proves(
    "start/first-app",
    "With --debug, the server starts anew when you save the file: change the text, save, and reload the page in the "
    "browser.",
    "If the code fails, the browser shows where.",
)
def test_a_change(debugged: Server) -> None:
    file = debugged.folder / "hello.py"
    code = file.read_text(encoding="utf-8")
    file.write_text(code.replace("Hello, Flask!", "你好"), encoding="utf-8")
    wait_for(lambda: get(debugged) == (200, "你好"))
    file.write_text(code.replace('return "Hello, Flask!"', "return str(1 // 0)"), encoding="utf-8")
    wait_for(lambda: get(debugged)[0] == 500)
    assert "return str(1 // 0)" in get(debugged)[1]
    assert "ZeroDivisionError" in get(debugged)[1]


@proves(
    "start/first-app",
    "Without --debug, you see a change only after you have restarted the server.",
)
def test_a_change_without_debug() -> None:
    server = flask_run("hello", PYTHONPATH="")
    copy("step_1", server.folder)
    with running(server):
        file = server.folder / "hello.py"
        file.write_text(file.read_text().replace("Hello, Flask!", "你好"), encoding="utf-8")
        assert get(server) == (200, "Hello, Flask!")
        server.stop()
        server.start()
        assert get(server) == (200, "你好")


@proves(
    "start/first-app",
    "You wrote flask run, and the file is neither called app.py nor wsgi.py: name it, flask --app hello run.",
    "If the message is Error: Could not import 'hello'., the terminal is in another folder than hello.py.",
)
def test_flask_run_alone(tmp_path: Path) -> None:
    copy("step_1", tmp_path)
    (tmp_path / "other").mkdir()
    assert "Error: Could not locate a Flask application." in run(FLASK, "routes", folder=tmp_path)
    words = [FLASK, "--app", "hello", "routes"]
    assert "index" in run(*words, folder=tmp_path)
    assert "Error: Could not import 'hello'." in run(*words, folder=tmp_path / "other")
    for name in ("wsgi.py", "app.py"):
        (tmp_path / "hello.py").rename(tmp_path / name)
        assert "index" in run(FLASK, "routes", folder=tmp_path)
        (tmp_path / name).rename(tmp_path / "hello.py")


@proves(
    "start/first-app",
    "Your file is called flask.py, so import flask finds your file instead of Flask.",
    "Rename it.",
)
def test_a_file_called_flask(tmp_path: Path) -> None:
    copy("step_1", tmp_path)
    (tmp_path / "hello.py").rename(tmp_path / "flask.py")
    message = "ImportError: cannot import name 'Flask'"
    assert message in run(sys.executable, "flask.py", folder=tmp_path)
    assert f"`{message}`" in SOURCE
    (tmp_path / "flask.py").rename(tmp_path / "hello.py")
    assert message not in run(sys.executable, "hello.py", folder=tmp_path)


@proves(
    "start/first-app",
    "The server still runs in another terminal, or another program uses the port.",
    "Stop it, or add --port 5001.",
)
def test_a_port_in_use(debugged: Server) -> None:
    words = [FLASK, "--app", "snippets.first_app.step_1.hello", "run", "--port", str(debugged.port)]
    printed = run(*words, folder=ROOT)
    assert f"Port {debugged.port} is in use by another program." in printed


@proves(
    "start/first-app",
    "<name> in the rule matches one part of the URL, and the view gets it as an argument.",
    "url_for() builds the URL of a view from its name.",
    "The file is not in a folder templates beside hello.py, or its name differs.",
)
def test_the_template(tmp_path: Path) -> None:
    client = step_2.app.test_client()
    assert "<h1>Hello, 阿达!</h1>" in client.get("/hello/阿达").text
    assert '<a href="/">Back</a>' in client.get("/hello/阿达").text
    assert client.get("/hello/a/b").status_code == 404
    assert client.get("/hello/").status_code == 404
    copy("step_2", tmp_path)
    (tmp_path / "templates").rename(tmp_path / "template")
    app = Flask("shop", root_path=str(tmp_path))
    for name in ("hello.html", "hello.htm"):
        with pytest.raises(TemplateNotFound) as error:
            app.jinja_env.get_template(name)
        assert str(error.value) == name
    (tmp_path / "template").rename(tmp_path / "templates")
    assert app.jinja_env.get_template("hello.html")
    assert "`jinja2.exceptions.TemplateNotFound: hello.html`" in SOURCE


@proves(
    "start/first-app",
    "Install pytest with pip install pytest, and write a file test_hello.py beside hello.py:",
    "The test client requests a page without a server.",
)
def test_the_first_test(tmp_path: Path) -> None:
    copy("step_2", tmp_path)
    shutil.copy(ROOT / "tests/start/project/test_hello.py", tmp_path)
    words = [sys.executable, "-m", "pytest", "--quiet"]
    printed = run(*words, folder=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS="")
    assert re.sub(r"in \d\.\d\ds", "in 0.05s", printed) == terminal("python -m pytest --quiet")


@proves(
    "start/first-app",
    "app = Flask(__name__) creates the application.",
    "Files in static are served at /static/.",
    "The name that you pass, __name__, tells Flask the module, and so the folder in which templates and static lie.",
    "@app.get adds a rule to app.url_map.",
    "flask imports the module hello and takes its variable app, a flask.Flask.",
)
def test_the_folder(tmp_path: Path) -> None:
    for step in (step_1, step_2):
        assert type(step.app) is Flask
        assert step.app.root_path == str(Path(str(step.__file__)).parent)
    (tmp_path / "static").mkdir()
    (tmp_path / "static/a.css").write_text("b {}")
    app = Flask("shop", root_path=str(tmp_path))
    before = len(list(app.url_map.iter_rules()))
    app.get("/")(lambda: "x")
    assert len(list(app.url_map.iter_rules())) == before + 1
    with app.test_client().get("/static/a.css") as response:
        assert response.text == "b {}"


@proves(
    "start/first-app",
    "The application is a function for the server: the server calls it with each request (this convention is "
    "called WSGI).",
    '@app.get("/") says that the function below it, the view, handles requests for /.',
    "Flask finds the rule for the URL and calls the view.",
    "From the text that the view returns, Flask creates a flask.Response with status 200 "
    "and the type text/html.",
)
def test_inside() -> None:
    app, started = step_1.app, []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    }
    body = app(environ, lambda status, headers: started.append((status, dict(headers))))
    assert b"".join(body) == b"Hello, Flask!"
    status, headers = started[0]
    assert (status, headers["Content-Type"]) == ("200 OK", "text/html; charset=utf-8")
    assert type(app.make_response("x")) is Response
    (rule,) = [rule for rule in app.url_map.iter_rules() if rule.rule == "/"]
    assert app.view_functions[rule.endpoint] is step_1.index


@proves(
    "start/first-app",
    'app.run() and python hello.py. Old posts end the file with if __name__ == "__main__": app.run(debug=True).',
    "It still works.",
    "flask run needs no such lines, and takes host, port and debug mode from the command line.",
    '@app.route("/"). It still works.',
    "@app.get and @app.post are shorter: ….",
)
def test_then_and_now() -> None:
    server = flask_run("hello")
    server._command = lambda port, _: [sys.executable, "hello.py"]
    code = (
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef index(): return 'old'\n"
        f"if __name__ == '__main__':\n    app.run(debug=True, port={server.port})\n"
    )
    server.folder.joinpath("hello.py").write_text(code)
    with running(server):
        assert get(server) == (200, "old")
    assert Flask("x").get("/")(lambda: "").__name__
