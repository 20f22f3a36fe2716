"""The debugger in the browser, in the terminal, for an editor and for tests: docs/guide/debugging.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from snippets.debugging import shop, stopped
from tests.guide.deployment.common import fetch, serving
from tests.servers import Server, flask_run, free_port, running, wait_for
from tests.source import Source

_SOURCE = Source("guide/debugging")
ROOT = Path(__file__).parents[3]
BROKEN = "/price?grams=0"
SHOP = "snippets.debugging.shop"


def asked(server: Server, host: str = "", **arguments: str) -> tuple[int, str]:
    """Send what the page of the debugger sends."""
    query = urllib.parse.urlencode({"__debugger__": "yes", **arguments})
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{BROKEN}&{query}")
    if host:
        request.add_header("Host", host)
    if "cookie" in arguments:
        request.add_header("Cookie", arguments["cookie"])
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
            return answer.status, answer.read().decode() + cookie
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@proves(
    "guide/debugging",
    "With --debug, the page for /price?grams=0 is the traceback: the last line has the exception, and each line "
    "above it shows the code.",
    "A console opens, in which you can look at the variables of this function: grams, request.args.",
    "The console asks for the PIN that flask run has printed.",
    "Whoever has it can run any code on your machine.",
    "It works only for requests to localhost, 127.0.0.1 and the host of --host.",
    "If the page was opened with another one, the console gets 400.",
    "The page was opened with another host than localhost, 127.0.0.1 or that of --host, for example with a name "
    "from the hosts file.",
)
def test_the_debugger_in_the_browser() -> None:
    with running(flask_run(SHOP, "--debug")) as server:
        status, page = fetch(server.port, BROKEN)
        assert status == 500
        assert re.search(r"<h1>ZeroDivisionError</h1>", page)
        assert "total / grams" in page
        (secret,) = re.findall(r'SECRET = "(\w+)"', page)
        frame = re.findall(r'id="frame-(\d+)"', page)[-1]
        wait_for(lambda: "Debugger PIN" in server.log.read_text(encoding="utf-8"))
        (pin,) = re.findall(r"Debugger PIN: ([\d-]+)", server.log.read_text(encoding="utf-8"))
        # without the PIN the console is not there, and what is asked is an ordinary request
        look = {"cmd": "(grams, dict(request.args))", "frm": frame, "s": secret}
        assert "Traceback" in asked(server, **look)[1]
        assert (
            json.loads(asked(server, cmd="pinauth", pin="000-000-000", s=secret)[1])["auth"]
            is False
        )
        _, let_in = asked(server, cmd="pinauth", pin=pin, s=secret)
        assert '"auth": true' in let_in
        cookie = let_in.rpartition("}")[2]
        status, answer = asked(server, cookie=cookie, **look)
        assert status == 200
        assert "grams" in answer
        status, answer = asked(
            server, cookie=cookie, **{**look, "cmd": "__import__('os').getcwd()"}
        )
        assert str(server.folder) in answer
        # this server was started without --host
        hosts = {"localhost": 200, "127.0.0.1": 200, "10.1.2.3": 400, "shop.example": 400}
        assert {host: asked(server, host, cookie=cookie, **look)[0] for host in hosts} == hosts


@proves(
    "guide/debugging", "It works only for requests to localhost, 127.0.0.1 and the host of --host."
)
def test_the_debugger_with_a_host_of_its_own() -> None:
    port = free_port()
    command = [sys.executable, "-m", "flask", "--app", SHOP, "run", "--debug", "--no-reload"]
    server = Server(
        lambda *_: [*command, "--host", "127.0.0.2", "--port", str(port)],
        lambda _: fetch(port, "/price", "127.0.0.2"),
        environment={"PYTHONPATH": str(ROOT)},
    )
    with running(server):
        page = fetch(port, BROKEN, "127.0.0.2")[1]
        (secret,) = re.findall(r'SECRET = "(\w+)"', page)
        query = f"{BROKEN}&__debugger__=yes&cmd=pinauth&pin=1&s={secret}"
        asked_by = {}
        for host in ("127.0.0.2", "shop.example"):
            request = urllib.request.Request(f"http://127.0.0.2:{port}{query}")
            request.add_header("Host", host)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    asked_by[host] = answer.status
            except urllib.error.HTTPError as error:
                with error:
                    asked_by[host] = error.code
    assert asked_by == {"127.0.0.2": 200, "shop.example": 400}


@proves(
    "guide/debugging",
    "Without --debug, the client gets a page that says nothing, and the log has the traceback.",
    "--no-debugger turns it off, and leaves the reloader on.",
    "Debug mode is off: pass --debug.",
    "app.debug = True in the code comes too late for flask run.",
    "The terminal has the traceback.",
)
def test_without_the_debugger(tmp_path: Path) -> None:
    text = f"from {SHOP} import app\napp.debug = True\n"
    for options, where in (((), SHOP), ((), "late"), (("--debug", "--no-debugger"), SHOP)):
        server = flask_run(where, *options)
        (server.folder / "late.py").write_text(text, encoding="utf-8")
        with running(server):
            status, page = fetch(server.port, BROKEN)
            assert status == 500
            assert "Werkzeug Debugger" not in page
            assert "ZeroDivisionError" not in page
            assert _SOURCE.quotes("Internal Server Error") in page
            wait_for(
                lambda s=server: "ZeroDivisionError: float division by zero" in s.log.read_text()
            )  # type: ignore[misc]
            log = server.log.read_text(encoding="utf-8")
            assert ("Restarting with" in log) is ("--debug" in options)
            assert "Debugger PIN" not in log


@proves("guide/debugging", "A WSGI server does not start this debugger, even with FLASK_DEBUG=1.")
@pytest.mark.parametrize("program", ["gunicorn", "waitress-serve"])
def test_no_server_starts_it(program: str) -> None:
    with serving(program, f"{SHOP}:app", path="/price", FLASK_DEBUG="1") as server:
        status, page = fetch(server.port, BROKEN)
        assert status == 500
        assert "ebugger" not in page


@proves(
    "guide/debugging",
    "breakpoint() stops the view and opens Python's debugger, pdb, in the terminal of flask run:",
    "p grams | print a variable",
    "w | see which functions called this one",
    "n | run the line, and stop at the next one",
    "c | go on, and send the response",
    "Until then the client waits.",
    "PYTHONBREAKPOINT=0 in the environment turns all of them off.",
)
def test_breakpoint_in_the_terminal() -> None:
    port = free_port()
    command = ["-m", "flask", "--app", "snippets.debugging.stopped", "run", "--port", str(port)]
    with (
        ThreadPoolExecutor(1) as pool,
        subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        ) as server,
    ):
        assert server.stdin is not None
        assert server.stdout is not None
        wait_for(lambda: fetch(port, "/nowhere")[0] == 404)
        client = pool.submit(fetch, port, "/price?grams=50")
        said = ""
        while "(Pdb)" not in said:
            said += server.stdout.read(1)
        assert not client.done()
        server.stdin.write("p grams\nw\nn\nc\n")
        server.stdin.flush()
        assert client.result() == (200, '{"per_gram":0.25}\n')
        server.kill()
        said += server.stdout.read()
    assert "(Pdb) 50" in said
    assert "dispatch_request" in said
    assert "per_gram" in said
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from snippets.debugging.stopped import app; print(app.test_client().get('/price').json)",
        ],
        cwd=ROOT,
        env={"PYTHONBREAKPOINT": "0", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "{'per_gram': 0.125}\n"


def test_the_view_with_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "breakpointhook", lambda: None)
    for module in (shop, stopped):
        assert module.app.test_client().get("/price").get_json() == {"per_gram": 0.125}


@proves(
    "guide/debugging",
    "--no-debugger leaves the exception to the editor.",
    "--no-reload keeps the application in the process that the editor watches: with the reloader, another "
    "process runs it, and no breakpoint is reached.",
    "The reloader runs the application in another process.",
    "Pass --no-reload.",
)
def test_the_command_of_the_editor() -> None:
    file = ROOT / "snippets" / "debugging" / "launch.json"
    (entry,) = json.loads(file.read_text(encoding="utf-8"))["configurations"]
    words = [word.replace("shop", SHOP) for word in entry["args"]]
    with_reloader = [word for word in words if word != "--no-reload"]
    text = f"import os\nfrom {SHOP} import app\napp.add_url_rule('/pid', 'pid', lambda: str(os.getpid()))\n"
    for given, same in ((words, True), (with_reloader, False)):
        options = [word.replace(SHOP, "watched") for word in given]
        server = Server(
            lambda port, _, options=options: [  # type: ignore[misc]
                *[sys.executable, "-m", entry["module"], *options, "--port", str(port)],
            ],
            lambda port: fetch(port, "/pid"),
            environment={**entry["env"], "PYTHONPATH": str(ROOT)},
        )
        (server.folder / "watched.py").write_text(text, encoding="utf-8")
        with running(server):
            assert (fetch(server.port, "/pid")[1] == str(server.pid)) is same
            assert "ebugger" not in fetch(server.port, BROKEN)[1]


@proves(
    "guide/debugging",
    "pytest --pdb stops at its line, and pytest --trace at the beginning of the test:",
    "With TESTING, the exception of a view reaches the test, so pdb stops in the view itself.",
    "Without it, the test sees only the response with 500.",
)
def test_from_a_test(tmp_path: Path) -> None:
    text = (
        f"from {SHOP} import app\napp.testing = {{}}\n\ndef test_price():\n"
        "    answer = app.test_client().get('/price?grams=0')\n    assert answer.status_code == 200\n"
    )
    stops = {}
    for testing in (True, False):
        (tmp_path / "test_shop.py").write_text(text.format(testing), encoding="utf-8")
        for option in ("--pdb", "--trace"):
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", option, "test_shop.py"],
                cwd=tmp_path,
                env={"PYTHONPATH": str(ROOT), "PATH": ""},
                input="q\n",
                capture_output=True,
                text=True,
            )
            stops[option, testing] = re.findall(r"^> (.*)\n-> (.*)$", done.stdout, re.M)[0]
    assert stops["--pdb", True][1] == 'return {"per_gram": total / grams}'
    assert stops["--pdb", False][1] == "assert answer.status_code == 200"
    for testing in (True, False):
        assert stops["--trace", testing][1].startswith("answer = ")
