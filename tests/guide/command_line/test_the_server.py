"""The development server, really run: addresses, ports, the reloader, HTTPS: docs/guide/command-line.md."""

from __future__ import annotations

import inspect
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from flask import cli as flask_cli
from flask.cli import run_command
from werkzeug import serving
from werkzeug._reloader import StatReloaderLoop

from proven.base.project import ROOT
from proven.claims.proofs import proves
from tests.guide.command_line.common import SOURCE, get, on_the_page, said, settled, terminal
from tests.guide.command_line.conftest import Flask
from tests.needs import programs
from tests.servers import Server, flask_run, free_port, gunicorn, running, wait_for

SMALLEST = "snippets.command_line.smallest"
SHOP = "from flask import Flask, render_template\napp = Flask(__name__)\n@app.get('/')\ndef index():\n    return {}\n"

# Notes each process that imports it.
IMPORTS = """import os
from snippets.command_line.started_once import app, serves
with open("processes", "a") as file:
    print(os.getpid(), serves, file=file)
app.add_url_rule("/process", "process", lambda: str(os.getpid()))
"""


@pytest.fixture(scope="module")
def debugged() -> Iterator[Server]:
    """A server with the reloader, over a folder with a module that tests may change."""
    server = flask_run(
        "shop", "--debug", "--extra-files", "settings.toml", "--exclude-patterns", "*/generated.py"
    )
    server.folder.joinpath("shop.py").write_text(
        "import generated\n" + SHOP.format("render_template('a.txt')")
    )
    server.folder.joinpath("generated.py").write_text("")
    server.folder.joinpath("settings.toml").write_text("")
    server.folder.joinpath("templates").mkdir()
    server.folder.joinpath("templates/a.txt").write_text("first")
    with running(server):
        said(server, "Debugger PIN")
        yield server


def restarts(server: Server) -> int:
    return server.log.read_text().count(" * Restarting with stat")


def test_the_terminal_shows_what_the_page_shows() -> None:
    with running(flask_run(SMALLEST, "--debug")) as server:
        said(server, "Debugger PIN")
        assert get(server) == "Tea and books"
        assert settled(server.log.read_text()) == terminal(f"$ flask --app {SMALLEST} run --debug")


@proves(
    "guide/command-line",
    "For this it needs two processes: the first one only watches, and the second one serves requests.",
    "Both import your application, so the code at the top of your modules runs twice, unless you prevent it:",
    "The scheduler is started at the top of a module, and the reloader imports the module in two processes.",
    "Test serves, as the snippet does, before you start it.",
)
def test_the_reloader_imports_twice() -> None:
    for options, expected in ([], ["True"]), (["--debug"], ["False", "True"]):
        server = flask_run("shop", *options)
        server.folder.joinpath("shop.py").write_text(IMPORTS)
        with running(server):
            serving_process = get(server, "/process")
            rows = [
                row.split() for row in server.folder.joinpath("processes").read_text().splitlines()
            ]
            assert json.loads(get(server, "/jobs")) == ["clean up"]
        assert [serves for _, serves in rows] == expected
        assert [pid for pid, serves in rows if serves == "True"] == [serving_process]


@proves(
    "guide/command-line",
    "In production each worker of Gunicorn imports the module too, and so does every flask command.",
)
def test_workers_and_commands_import_too() -> None:
    server = gunicorn("shop:app", "--workers=2")
    server.folder.joinpath("shop.py").write_text(IMPORTS)
    processes = server.folder / "processes"
    with running(server):
        wait_for(lambda: len(processes.read_text().splitlines()) == 2)
        flask = [str(Path(sys.executable).with_name("flask")), "--app", "shop", "routes"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(flask, cwd=server.folder, env=environment, capture_output=True, check=True)
        rows = processes.read_text().splitlines()
    assert len(set(rows)) == 3
    assert {row.split()[1] for row in rows} == {"True"}


@proves(
    "guide/command-line",
    "--debug turns on the reloader, and the debugger, which shows a traceback in the browser.",
    "Each can be turned off alone, with --no-reload and --no-debugger.",
    "run passes the application to werkzeug.serving.run_simple().",
)
def test_reloader_and_debugger_are_switched_alone(
    flask: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def run(*words: object, use_reloader: bool, use_debugger: bool, **_: object) -> None:
        assert callable(words[2])
        started.append((use_reloader, use_debugger))

    assert flask_cli.run_simple is serving.run_simple
    monkeypatch.setattr(flask_cli, "run_simple", run)
    for words in ([], ["--debug"], ["--debug", "--no-reload"], ["--debug", "--no-debugger"]):
        assert flask("--app", SMALLEST, "run", *words).exit_code == 0
    assert started == [(False, False), (True, True), (False, True), (True, False)]


@proves(
    "guide/command-line",
    "The server listens at 127.0.0.1, port 5000.",
    "This address exists on every machine and leads back to the machine itself, so no other machine can reach the "
    "server.",
)
def test_where_it_listens() -> None:
    defaults = {option.name: option.default for option in run_command.params}
    assert (defaults["host"], defaults["port"]) == ("127.0.0.1", 5000)
    # 127.0.0.2 is this machine too, but another address.
    with running(flask_run(SMALLEST)) as server, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server.port), timeout=2)


@proves(
    "guide/command-line",
    "--host 0.0.0.0 listens at every IPv4 address of the machine, so that a phone in the same network or the host of a "
    "container can reach it.",
    "0.0.0.0 is not an address to open: the command prints the addresses that you can open.",
)
def test_every_address() -> None:
    with running(flask_run(SMALLEST, "--host", "0.0.0.0")) as server:
        for address in ("127.0.0.1", "127.0.0.2"):
            socket.create_connection((address, server.port), timeout=2).close()
        said(server, "Press CTRL+C")
        text = server.log.read_text()
    assert " * Running on all addresses (0.0.0.0)\n" in text
    opened = re.findall(r"Running on http://(\S+):\d+", text)
    assert opened[0] == "127.0.0.1"
    assert "0.0.0.0" not in opened


@proves(
    "guide/command-line",
    "--port 8000 chooses another port.",
    "With --port 0 the system chooses a free one, and the command prints it.",
)
def test_another_port() -> None:
    # The last --port counts; the server is asked for where the log says that it is.
    server = flask_run(SMALLEST, "--port", "0")
    server._ready = lambda _: said(server, "Running on")
    with running(server):
        port = int(re.findall(r"Running on http://127\.0\.0\.1:(\d+)", server.log.read_text())[0])
        assert port not in (0, server.port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as response:
            assert response.read() == b"Tea and books"


@proves(
    "guide/command-line",
    "Another server listens on this port, often the one that you started in another terminal.",
    "Stop it with Ctrl+C, or use --port 5001.",
)
def test_a_port_in_use() -> None:
    with running(flask_run(SMALLEST)) as server:
        second = flask_run(SMALLEST)
        second.port = server.port
        second._ready = lambda _: said(second, "different port.")
        with running(second):
            text = second.log.read_text()
            wait_for(lambda: not second.runs)
    message = (
        "Port 5000 is in use by another program. Either identify and stop that program, or start the server with a "
        "different port."
    )
    assert message.replace("5000", str(server.port)) in text
    assert on_the_page(message)


def test_the_airplay_receiver_is_named_on_macos() -> None:
    assert "AirPlay Receiver" in inspect.getsource(serving.BaseWSGIServer)
    assert "AirPlay receiver" in SOURCE


@proves(
    "guide/command-line", "The reloader looks every second at the files of all imported modules."
)
def test_every_second() -> None:
    assert inspect.signature(StatReloaderLoop.__init__).parameters["interval"].default == 1
    assert StatReloaderLoop().name == "stat"


@proves(
    "guide/command-line",
    "A change of a template needs no restart: in debug mode Flask reads a changed template again.",
)
def test_a_template(debugged: Server) -> None:
    before = restarts(debugged)
    assert get(debugged) == "first"
    debugged.folder.joinpath("templates/a.txt").write_text("second")
    assert get(debugged) == "second"
    assert restarts(debugged) == before


@proves(
    "guide/command-line",
    "If one has changed, it starts the server anew.",
    "If you save a file with an error, the server stays and shows the error in the browser, until you save it without "
    "one.",
    "For other files, such as a file of settings, use --extra-files settings.toml.",
    '--exclude-patterns "*/generated/*" leaves files out.',
)
def test_changes(debugged: Server) -> None:
    module, before = debugged.folder / "shop.py", restarts(debugged)
    good = module.read_text()
    # Left out; the change after it is seen, and there was one restart only.
    debugged.folder.joinpath("generated.py").write_text("x = 1\n")
    time.sleep(1.2)
    assert restarts(debugged) == before
    debugged.folder.joinpath("settings.toml").write_text("x = 1\n")
    wait_for(lambda: restarts(debugged) == before + 1)
    wait_for(lambda: get(debugged) == "second")
    module.write_text(good + "\nimport nowhere\n")

    def fails() -> bool:
        try:
            get(debugged)
        except urllib.error.HTTPError as error:
            with error:
                return error.code == 500 and "No module named" in error.read().decode()
        return False

    wait_for(fails)
    assert debugged.runs
    module.write_text(good)
    wait_for(lambda: get(debugged) == "second")


@proves("guide/command-line", "If the error is there when you start, the command ends.")
def test_an_error_at_the_start() -> None:
    server = flask_run("shop", "--debug")
    server.folder.joinpath("shop.py").write_text("import nowhere\n")
    with pytest.raises(RuntimeError, match="No module named 'nowhere'"), running(server):
        pass


@proves(
    "guide/command-line",
    "The browser warns, because nobody else has signed the certificate.",
    "The server then speaks HTTPS only: a request with http:// gets no response.",
    "Make a certificate and pass it to run:",
)
def test_https(tmp_path: Path) -> None:
    programs("apt-get install openssl", "openssl")
    line = re.findall(r"^\$ (openssl .*)$", SOURCE, re.M)[0]
    subprocess.run(line.split(), cwd=tmp_path, check=True, capture_output=True)
    server = flask_run(
        SMALLEST, "--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem")
    )
    with running(server):
        url = f"https://localhost:{server.port}/"
        trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        with urllib.request.urlopen(url, context=trusting, timeout=60) as response:
            assert response.read() == b"Tea and books"
        with pytest.raises(urllib.error.URLError, match="self-signed"):
            urllib.request.urlopen(url, timeout=60)
        with pytest.raises(OSError):
            get(server)
        shown = terminal(f"$ flask --app {SMALLEST} run --cert")
        assert settled(server.log.read_text()).startswith(shown)


@proves("guide/command-line", "--cert adhoc needs no files, but the package cryptography.")
def test_a_certificate_without_files(flask: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["--app", SMALLEST, "run", "--cert", "adhoc"]
    monkeypatch.setitem(sys.modules, "cryptography", None)
    message = "Error: Invalid value for '--cert': Using ad-hoc certificates requires the cryptography library."
    assert message in flask(*words).output
    assert on_the_page(f"`{message}`")
    started: list[object] = []
    monkeypatch.setitem(sys.modules, "cryptography", ModuleType("cryptography"))
    monkeypatch.setattr(
        "flask.cli.run_simple", lambda *_, ssl_context, **__: started.append(ssl_context)
    )
    assert flask(*words).exit_code == 0
    assert started == ["adhoc"]


@proves(
    "guide/command-line",
    "app.run(debug=True). It still works with python shop.py.",
    "An import of the module by its name then runs the module a second time, because Python knows it as __main__.",
    "flask run has no such trap.",
)
def test_a_module_that_runs_itself() -> None:
    code = (
        "import sys\nfrom flask import Flask\nprint('as', __name__, flush=True)\napp = Flask(__name__)\n"
        "@app.get('/')\ndef index():\n    import shop\n    return str(shop.app is app)\n"
    )
    own = f"if __name__ == '__main__':\n    app.run(debug=True, use_reloader=False, port={free_port()})\n"
    by_name = flask_run("shop")
    by_name.folder.joinpath("shop.py").write_text(code)
    with running(by_name):
        assert get(by_name) == "True"
        assert by_name.log.read_text().count("as ") == 1
    by_hand = flask_run("shop")
    by_hand._command = lambda port, folder: [sys.executable, "shop.py"]
    by_hand.folder.joinpath("shop.py").write_text(code + own)
    by_hand.port = int(re.findall(r"port=(\d+)", own)[0])
    with running(by_hand):
        assert get(by_hand) == "False"
        assert re.findall("as (.*)", by_hand.log.read_text()) == ["__main__", "shop"]
