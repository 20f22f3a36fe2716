"""The unit, the container file, secrets and health: docs/guide/deployment.md."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from flask import Flask, session

from proven.claims.proofs import proves
from snippets.deployment import secret_key, shop, unready
from tests.guide.deployment.common import (
    PROGRAMS,
    SNIPPETS,
    children,
    environment,
    fetch,
    module,
    serving,
)
from tests.needs import programs
from tests.servers import Server, running, wait_for

SERVICE = SNIPPETS / "shop.service"
CONTAINER = SNIPPETS / "Containerfile"


def unit() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SERVICE, encoding="utf-8")
    return parser["Service"]


def container_command() -> list[str]:
    [line] = re.findall(r"^CMD (.*)$", CONTAINER.read_text(encoding="utf-8"), re.M)
    words: list[str] = json.loads(line)
    return words


@proves(
    "guide/deployment",
    "systemctl reload shop sends HUP.",
    "systemd-analyze verify shop.service checks the file.",
)
def test_systemd_accepts_the_unit_and_refuses_a_broken_one(tmp_path: Path) -> None:
    (analyze,) = programs("apt-get install systemd", "systemd-analyze")
    text = SERVICE.read_text(encoding="utf-8").replace("/srv/shop/.venv/bin", str(PROGRAMS))
    said = []
    for name, lines in (("shop", text), ("broken", text.replace("KillMode", "KilMode"))):
        file = tmp_path / f"{name}.service"
        file.write_text(lines, encoding="utf-8")
        done = subprocess.run([analyze, "verify", str(file)], capture_output=True, text=True)
        said.append(done.stdout + done.stderr)
    assert said[0] == ""
    assert "Unknown key 'KilMode' in section [Service], ignoring." in said[1]
    assert unit()["ExecReload"] == "/bin/kill -s HUP $MAINPID"


@proves(
    "guide/deployment",
    "Type=notify: Gunicorn tells systemd when it is ready.",
    "KillMode=mixed: the main process gets TERM and ends its workers itself.",
    "TimeoutStopSec is longer than --graceful-timeout.",
)
def test_the_command_of_the_unit_starts_says_so_and_ends(tmp_path: Path) -> None:
    from gunicorn.config import GracefulTimeout

    command = shlex.split(unit()["ExecStart"])
    sock = tmp_path / "gunicorn.sock"
    command[command.index("unix:/run/shop/gunicorn.sock")] = f"unix:{sock}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        start = [
            *environment(tmp_path, SNIPPETS, NOTIFY_SOCKET=str(tmp_path / "notify")),
            *["gunicorn", *command[1:]],
        ]
        with subprocess.Popen(start, stderr=subprocess.DEVNULL) as gunicorn:
            assert systemd.recv(1000).startswith(b"READY=1")
            wait_for(lambda: len(children(gunicorn.pid)) == 2)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(sock))
                client.sendall(b"GET / HTTP/1.0\r\n\r\n")
                assert client.recv(1000).startswith(b"HTTP/1.0 200 OK")
            workers = children(gunicorn.pid)
            gunicorn.send_signal(signal.SIGTERM)
            assert gunicorn.wait(20) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    # without the option there would be a socket in the home directory
    assert not (tmp_path / ".gunicorn").exists()
    assert (unit()["Type"], unit()["KillMode"]) == ("notify", "mixed")
    assert int(unit()["TimeoutStopSec"]) > GracefulTimeout.default


@proves(
    "guide/deployment",
    "--no-control-socket: otherwise Gunicorn creates a socket in the home directory of the user.",
)
def test_the_control_socket_lies_in_the_home_directory(tmp_path: Path) -> None:
    def start(port: int, folder: Path) -> list[str]:
        own = environment(folder, SNIPPETS)
        return [*own, "gunicorn", "--bind", f"127.0.0.1:{port}", "shop:create_app()"]

    with running(Server(start, lambda port: fetch(port), stop=signal.SIGKILL)) as server:
        wait_for((server.folder / ".gunicorn" / "gunicorn.ctl").is_socket)


@proves("guide/deployment", "The linter hadolint has no complaints about this file.")
def test_hadolint_accepts_the_container_file_and_refuses_another(tmp_path: Path) -> None:
    hadolint = [str(PROGRAMS / "hadolint"), "--no-color"]
    done = subprocess.run([*hadolint, str(CONTAINER)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    file = tmp_path / "Containerfile"
    file.write_text("FROM python\nCMD gunicorn\n", encoding="utf-8")
    done = subprocess.run([*hadolint, str(file)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "DL3025" in done.stdout


@proves(
    "guide/deployment",
    "0.0.0.0: an application that listens at 127.0.0.1 cannot be reached from outside of its container.",
    "CMD is a list, so no shell stands between the container and Gunicorn, and TERM reaches it.",
)
def test_the_command_of_the_container_is_reached_at_every_address_and_by_term() -> None:
    command = container_command()
    assert command[command.index("--bind") + 1] == "0.0.0.0:8000"
    for host, reached in (("0.0.0.0", True), ("127.0.0.1", False)):

        def start(port: int, folder: Path, host: str = host) -> list[str]:
            words = [word.replace("0.0.0.0:8000", f"{host}:{port}") for word in command]
            return [*environment(folder, SNIPPETS), *words]

        with running(Server(start, lambda port: fetch(port))) as server:
            # another address of this machine stands for the world outside of the container
            try:
                assert fetch(server.port, host="127.0.0.2")[0] == 200
                assert reached
            except OSError:
                assert not reached
            os.kill(server.pid, signal.SIGTERM)
            # a worker that still begins may miss it, and is given 30 seconds
            wait_for(lambda: not server.runs, 60)


@proves(
    "guide/deployment",
    "An application that generates a key when it has none starts without an error, and then each "
    "worker has its own key: a session that one worker has signed is invalid for the next one.",
    "A file is safer than a variable, because the environment is inherited by every process that "
    "the application starts.",
)
def test_a_secret_key_of_its_own_and_an_inherited_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers = []
    for _ in range(2):
        app = Flask("worker")
        app.secret_key = os.urandom(32)
        app.add_url_rule("/in", "in", lambda: session.setdefault("user", "ada"))
        app.add_url_rule("/who", "who", lambda: session.get("user", "nobody"))
        workers.append(app)
    first, second = (app.test_client() for app in workers)
    first.get("/in")
    cookie = first.get_cookie("session")
    assert cookie is not None
    second.set_cookie("session", cookie.value)
    assert (first.get("/who").text, second.get("/who").text) == ("ada", "nobody")
    monkeypatch.setenv("SHOP_SECRET_KEY", "inherited")
    assert "SHOP_SECRET_KEY=inherited" in subprocess.check_output(["env"], text=True)


def test_the_secret_key_comes_from_the_file_or_the_environment_or_the_start_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SHOP_SECRET_KEY", raising=False)
    monkeypatch.delenv("SHOP_SECRET_KEY_FILE", raising=False)
    with pytest.raises(RuntimeError, match="set SHOP_SECRET_KEY_FILE or SHOP_SECRET_KEY"):
        secret_key.create_app()
    monkeypatch.setenv("SHOP_SECRET_KEY", "of the environment")
    assert secret_key.create_app().secret_key == "of the environment"
    file = tmp_path / "key"
    file.write_text("of the file\n", encoding="utf-8")
    monkeypatch.setenv("SHOP_SECRET_KEY_FILE", str(file))
    assert secret_key.create_app().secret_key == "of the file"


@proves(
    "guide/deployment",
    "With FLASK_DEBUG=1, Gunicorn does not start the debugger, but the application is in debug "
    "mode: exceptions pass by your handler for 500, and the client gets the error page of Gunicorn.",
)
@pytest.mark.parametrize("debug", ["0", "1"])
def test_flask_debug_takes_the_error_page(debug: str, tmp_path: Path) -> None:
    module(
        tmp_path,
        "fails",
        "from flask import Flask\napp = Flask('fails')\n"
        "@app.get('/')\ndef fails(): 1 / 0\n@app.get('/debug')\ndef debug(): return str(app.debug)\n"
        "@app.errorhandler(500)\ndef own(error): return 'own page', 500\n",
    )
    with serving("gunicorn", "fails:app", path="/debug", cwd=tmp_path, FLASK_DEBUG=debug) as server:
        assert fetch(server.port, "/debug")[1] == ("True" if debug == "1" else "False")
        status, body = fetch(server.port)
        assert status == 500
        assert (body == "own page") is (debug == "0")
        assert "debugger" not in body
        assert ("<title>Internal Server Error</title>" in body) is (debug == "1")


def test_alive_and_ready_are_two_questions() -> None:
    ready, unable = shop.create_app(), unready.create_app()
    ready.config["CHECKS"] = [lambda: None]
    answers = [
        (
            app.test_client().get("/healthz").status_code,
            app.test_client().get("/readyz").status_code,
        )
        for app in (ready, unable)
    ]
    assert answers == [(200, 200), (200, 503)]
    assert ready.test_client().get("/").text == "Tea and cups"
