"""What the tests of docs/guide/deployment.md share: real servers, and requests to them."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Server, running
from tests.source import Source

ROOT = Path(__file__).parents[3]
_SOURCE = Source("guide/deployment")
PAGE = _SOURCE.text
on_the_page = _SOURCE.quotes
table = _SOURCE.table
SNIPPETS = ROOT / "snippets" / "deployment"
PROGRAMS = Path(sys.executable).parent
WAITING = "snippets.deployment.waiting:app"


def environment(home: Path, cwd: Path = ROOT, **more: str) -> list[str]:
    """Return the beginning of a command that sees the snippets and no settings of this machine."""
    path = f"{PROGRAMS}:/usr/sbin:/usr/bin:/sbin:/bin"
    given = {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT), **more}
    own = [f"{name}={value}" for name, value in given.items()]
    return ["env", "--ignore-environment", f"--chdir={cwd}", *own]


def command(program: str, *arguments: str, port: int) -> list[str]:
    """Return a command of the page as it stands there, but for its port."""
    asgi = ["--log-level", "warning", "--port", str(port)]
    return {
        "gunicorn": ["gunicorn", "--no-control-socket", "--bind", f"127.0.0.1:{port}", *arguments],
        "waitress-serve": ["waitress-serve", f"--listen=127.0.0.1:{port}", *arguments],
        "uvicorn": ["uvicorn", *asgi, *arguments],
    }[program]


@contextmanager
def serving(
    program: str, *arguments: str, path: str = "/", cwd: Path = ROOT, **more: str
) -> Iterator[Server]:
    """Run a server on a free port until the end of the block."""

    def start(port: int, folder: Path) -> list[str]:
        return [*environment(folder, cwd, **more), *command(program, *arguments, port=port)]

    # killed, because a server that ends by itself takes a second
    with running(Server(start, lambda port: fetch(port, path), stop=signal.SIGKILL)) as server:
        yield server


@contextmanager
def shown(file: str, cwd: Path = ROOT) -> Iterator[Server]:
    """Run the command of a file that the page shows, with a free port in the place of 8000."""
    text = SNIPPETS.joinpath(file).read_text(encoding="utf-8").strip()

    def start(port: int, folder: Path) -> list[str]:
        own = environment(folder, cwd, SHOP_BIND=f"127.0.0.1:{port}")
        return [*own, *shlex.split(text.replace("8000", str(port)))]

    with running(Server(start, lambda port: fetch(port), stop=signal.SIGKILL)) as server:
        yield server


def fetch(port: int, path: str = "/", host: str = "127.0.0.1") -> tuple[int, str]:
    """Return status and body of a GET; any status is an answer."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def at_once(port: int, path: str, times: int = 4) -> tuple[int, int]:
    """Send requests together; return how many ran at the same time, and in how many processes."""
    with ThreadPoolExecutor(times) as pool:
        answers = list(pool.map(lambda _: json.loads(fetch(port, path)[1]), range(times)))
    began = [answer["began"] for answer in answers]
    most = max(sum(a["began"] <= moment < a["ended"] for a in answers) for moment in began)
    return most, len({answer["pid"] for answer in answers})


def children(pid: int) -> list[int]:
    """Return the child processes of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def log_of(*words: str, cwd: Path, seconds: float = 20, **more: str) -> str:
    """Run a command that is to end by itself, and return all that it prints."""
    done = subprocess.run(
        [*environment(cwd, cwd, **more), *words], capture_output=True, text=True, timeout=seconds
    )
    return done.stdout + done.stderr


def module(folder: Path, name: str, text: str) -> Path:
    """Write a module of the reader's into a folder."""
    folder.joinpath(f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def shop(folder: Path, text: str = "") -> Path:
    """Put the module ``shop`` into a folder: the one of the page, or another."""
    if text:
        return module(folder, "shop", text)
    shutil.copy(SNIPPETS / "shop.py", folder)
    return folder
