"""The other servers, and each message of the pitfalls: docs/guide/deployment.md."""

from __future__ import annotations

import sys
from importlib.metadata import files, metadata
from pathlib import Path

import pytest
from gunicorn.errors import AppImportError
from gunicorn.util import import_app
from waitress.adjustments import Adjustments

from proven.claims.proofs import proves
from snippets.deployment import asgi, waiting
from tests.guide.deployment.common import (
    at_once,
    children,
    environment,
    fetch,
    log_of,
    module,
    on_the_page,
    serving,
    shop,
)
from tests.servers import Server, running, wait_for

SHOP = "from flask import Flask\napp = Flask('shop')\ndef create_app():\n    app\n"


def refused(argument: str) -> str:
    """Return what Gunicorn says of an argument that it cannot load."""
    with pytest.raises((AppImportError, ImportError)) as caught:
        import_app(argument)
    sys.modules.pop("shop", None)
    return str(caught.value)


def gunicorn(argument: str, folder: Path, *options: str, **more: str) -> str:
    return log_of("gunicorn", "--no-control-socket", *options, argument, cwd=folder, **more)


@proves(
    "guide/deployment",
    "The argument has no name, so Gunicorn looks for application.",
    "The same message names another variable that the module does not have.",
)
def test_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "shop", SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    assert on_the_page("Failed to find attribute 'application' in 'shop'.") in gunicorn(
        "shop", tmp_path
    )
    assert "Failed to find attribute 'other' in 'shop'." in refused("shop:other")


@proves("guide/deployment", "The factory returned None: its last line, return app, is missing.")
def test_a_factory_that_returns_none(tmp_path: Path) -> None:
    module(tmp_path, "shop", SHOP)
    message = on_the_page("Failed to find application object: 'create_app()'")
    assert message in gunicorn("shop:create_app()", tmp_path)


@proves(
    "guide/deployment",
    "The parentheses are missing: with shop:create_app, Gunicorn calls the factory as if it were the application.",
    "Gunicorn starts, and each request gets 500.",
)
def test_a_factory_without_parentheses(tmp_path: Path) -> None:
    message = on_the_page("TypeError: create_app() takes 0 positional arguments but 2 were given")
    with serving("gunicorn", "shop:create_app", cwd=shop(tmp_path)) as server:
        assert [fetch(server.port, path)[0] for path in ("/", "/healthz", "/nowhere")] == [500] * 3
        assert message in server.log.read_text(encoding="utf-8")


@proves(
    "guide/deployment",
    "Gunicorn, which ends with Reason: Worker failed to boot., was started in another folder.",
    "Change the folder, or name it with --chdir.",
    "If the traceback ends in your own code, that import failed: Gunicorn runs in another "
    "environment than flask.",
)
def test_another_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    shop(inside)
    said = gunicorn("shop:create_app()", tmp_path)
    assert on_the_page("ModuleNotFoundError: No module named 'shop'") in said
    assert on_the_page("Reason: Worker failed to boot.") in said
    assert gunicorn("shop:create_app()", tmp_path, "--chdir", "inside", "--check-config") == ""
    module(tmp_path, "shop", "import not_installed\n")
    said = gunicorn("shop:app", tmp_path)
    assert 'shop.py", line 1, in <module>' in said
    assert "ModuleNotFoundError: No module named 'not_installed'" in said


@proves(
    "guide/deployment",
    "The argument was shop.py:app.",
    "The part before the colon is a module, not a file, so leave out the extension.",
)
def test_a_file_instead_of_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module(tmp_path, "shop", SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    message = on_the_page("Failed to find application, did you mean 'shop:app'?")
    assert message in refused("shop.py:app")


@proves(
    "guide/deployment",
    "Another process listens on this port, often an older Gunicorn.",
    "Gunicorn tries again for some seconds and ends with Can't connect to ('127.0.0.1', 8000).",
)
def test_a_port_in_use(tmp_path: Path) -> None:
    with serving("gunicorn", "shop:create_app()", cwd=shop(tmp_path)) as server:
        said = gunicorn("shop:create_app()", tmp_path, "--bind", f"127.0.0.1:{server.port}")
        address = f"('127.0.0.1', {server.port})"
        assert said.count(f"Connection in use: {address}") > 1
        assert said.strip().endswith(f"Can't connect to {address}")
    on_the_page("Connection in use: ('127.0.0.1', 8000)")
    on_the_page("Can't connect to ('127.0.0.1', 8000)")


@proves(
    "guide/deployment",
    "--max-requests replaces a worker after this number of requests, which helps against a slow leak.",
)
def test_max_requests_replaces_the_worker(tmp_path: Path) -> None:
    with serving(
        "gunicorn", "--max-requests", "3", "shop:create_app()", cwd=shop(tmp_path)
    ) as server:
        [before] = children(server.pid)
        for _ in range(3):
            fetch(server.port)
        wait_for(lambda: before not in children(server.pid) and children(server.pid))
        assert fetch(server.port)[0] == 200


def without(name: str, program: str, *arguments: str, folder: Path) -> str:
    """Run a program as if a library were not installed."""
    code = f"import sys; sys.modules[{name!r}] = None; from {program} import run; run()"
    return log_of(sys.executable, "-c", code, *arguments, cwd=folder)


@proves(
    "guide/deployment",
    "The library gevent is missing or too old in the environment of Gunicorn: pip install gevent.",
)
def test_gevent_is_missing(tmp_path: Path) -> None:
    message = on_the_page("RuntimeError: gevent worker requires gevent 24.10.1 or higher")
    said = without(
        "gevent", "gunicorn.app.wsgiapp", "-k", "gevent", "shop:app", folder=shop(tmp_path)
    )
    assert message in said


@proves(
    "guide/deployment",
    "gunicorn -k eventlet. Old posts use this kind of worker.",
    "Today it ends with Entry point ('gunicorn.workers', 'eventlet') not found.",
)
def test_eventlet_is_gone(tmp_path: Path) -> None:
    message = on_the_page("Entry point ('gunicorn.workers', 'eventlet') not found")
    assert message in gunicorn("shop:create_app()", shop(tmp_path), "-k", "eventlet")


@proves(
    "guide/deployment",
    "python manage.py runserver. This belongs to Flask-Script, whose from flask._compat import text_type fails today: "
    "ModuleNotFoundError: No module named 'flask._compat'.",
)
def test_flask_script_does_not_import() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        from flask._compat import text_type  # noqa: F401
    on_the_page(f"ModuleNotFoundError: {caught.value}")


@proves(
    "guide/deployment",
    "Gunicorn needs Unix.",
    "Waitress has no compiled part and runs on Windows too.",
    "It has one process, with 4 threads if left out.",
)
def test_waitress_runs_where_gunicorn_does_not(tmp_path: Path) -> None:
    # a module that Python has on Unix only
    said = without("fcntl", "gunicorn.app.wsgiapp", "shop:app", folder=shop(tmp_path))
    assert "import of fcntl halted" in said
    assert "Operating System :: OS Independent" in (
        metadata("waitress").get_all("Classifier") or []
    )
    parts = {file.suffix for file in files("waitress") or []}
    assert parts & {".so", ".pyd", ".c"} == set()
    assert Adjustments.threads == 4
    serve = "import sys; sys.modules['fcntl'] = None; from waitress.runner import run; run()"

    def start(port: int, folder: Path) -> list[str]:
        own = [*environment(folder, tmp_path), sys.executable, "-c", serve]
        return [*own, f"--listen=127.0.0.1:{port}", "--call", "shop:create_app"]

    with running(Server(start, fetch)) as server:
        assert fetch(server.port)[0] == 200
        assert children(server.pid) == []


@proves(
    "guide/deployment",
    "A factory needs --call, and its name has no parentheses.",
    "With them, Waitress reports invalid format: 'snippets.deployment.shop:create_app()'.",
)
def test_a_factory_for_waitress(tmp_path: Path) -> None:
    name = "snippets.deployment.shop:create_app()"
    said = log_of("waitress-serve", "--listen=127.0.0.1:0", name, cwd=tmp_path)
    assert on_the_page(f"invalid format: '{name}'") in said
    with serving("waitress-serve", name[:-2]) as server:
        assert fetch(server.port)[0] == 500


@proves(
    "guide/deployment",
    "An ASGI server such as Uvicorn calls the application in another way than a WSGI server.",
    "An ASGI server called the Flask application.",
)
def test_an_asgi_server_cannot_call_flask() -> None:
    message = "TypeError: Flask.__call__() missing 1 required positional argument: 'start_response'"
    with serving("uvicorn", "snippets.deployment.waiting:app") as server:
        assert fetch(server.port)[0] == 500
        assert on_the_page(message) in server.log.read_text(encoding="utf-8")


@proves(
    "guide/deployment",
    "Either way Flask remains what it is: an async view occupies its thread until it is done.",
)
def test_an_async_view_occupies_its_thread(tmp_path: Path) -> None:
    module(
        tmp_path,
        "lone",
        "import asyncio, time\nfrom a2wsgi import WSGIMiddleware\n"
        "from snippets.deployment.waiting import answer, app\n"
        "@app.get('/')\nasync def view():\n    began = time.monotonic()\n"
        "    await asyncio.sleep(0.2)\n    return answer(began)\n"
        "asgi = WSGIMiddleware(app, workers=1)\n",
    )
    with serving("uvicorn", "lone:asgi", cwd=tmp_path) as server:
        assert at_once(server.port, "/") == (1, 1)


@proves(
    "guide/deployment",
    "a2wsgi calls the application in a pool of 10 threads.",
    "WsgiToAsgi of asgiref handles one request at a time in each process.",
)
def test_the_pool_of_the_wrapper() -> None:
    assert asgi.asgi_app.executor._max_workers == 10


def test_the_views_that_wait_and_compute_say_where_and_when() -> None:
    client = waiting.app.test_client()
    for path in ("/wait/0.01", "/compute/0.01"):
        said = client.get(path).json
        assert said is not None
        assert said["pid"] == said["loaded"] == waiting.LOADED_IN
        assert said["ended"] - said["began"] >= 0.01
