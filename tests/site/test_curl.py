"""The commands that the pages print: each ``curl`` line gets the status that its page shows, from a server."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from werkzeug.serving import make_server

from proven.base.project import ROOT
from proven.exchange.directive import application
from proven.exchange.recording import DEFAULT_HOST, parse, record
from tests import needs

BLOCK = re.compile(
    r"^(?P<fence>`{3,})\{exchange\} +(?P<name>\S+)\n(?P<body>.*?)^(?P=fence)$", re.M | re.S
)


class Block(NamedTuple):
    """One exchange of a page."""

    place: str
    name: str
    host: str
    lines: list[str]


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        body = found["body"].splitlines()
        options = dict(re.findall(r"^:([\w-]+): *(.*)$", found["body"], re.MULTILINE))
        number = text.count("\n", 0, found.start()) + 1
        lines = [line for line in body if not re.match(r":[\w-]+:", line)]
        host = options.get("host", DEFAULT_HOST)
        yield Block(f"{page.relative_to(ROOT)}:{number}", found["name"], host, lines)


PAGES = {page: found for page in sorted(ROOT.glob("docs/**/*.md")) if (found := list(blocks(page)))}


@pytest.fixture(scope="module", autouse=True)
def curl() -> str:
    """Return the program, or skip what needs it."""
    return needs.programs("apt-get install curl", "curl")[0]


def printed(block: Block) -> list[tuple[str, int]]:
    """Return the curl lines that the page prints for a block, with the status it shows for each."""
    answers = record(application(ROOT, block.name), parse(block.lines), block.host)
    cookies = any(answer.sent_cookie for answer in answers)
    return [(a.request.curl(block.host, cookies=cookies), a.request.claim) for a in answers]


def status_of(line: str, port: int, folder: Path) -> int:
    """Run a line in a shell, as a reader would, against a server on another port; return the status."""
    # The address and the Host header stay as they are printed, only the connection goes elsewhere.
    options = f"--silent --show-error --max-time 20 --connect-to 127.0.0.1:5000:127.0.0.1:{port}"
    command = line.replace("curl ", f"curl {options} ", 1)
    run = subprocess.run(command, shell=True, cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, f"{line}: {run.stderr.decode()}"
    return int(run.stdout.split(maxsplit=2)[1])


@contextmanager
def serving(name: str) -> Iterator[int]:
    """Serve a fresh application of a snippet with the server of ``flask run``."""
    server = make_server("127.0.0.1", 0, application(ROOT, name), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])
def test_each_curl_line_gets_the_status_of_its_page(page: Path, tmp_path: Path) -> None:
    wrong = []
    for number, block in enumerate(PAGES[page]):
        folder = tmp_path / str(number)
        folder.mkdir()
        with serving(block.name) as port:
            for line, claim in printed(block):
                status = status_of(line, port, folder)
                if status != claim:
                    wrong.append(f"{block.place}: {status}, not {claim}: {line}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", ["guide/configuration", "guide/converters", "guide/routing"])
def test_the_run_command_of_a_page_serves_its_curl_lines(page: str, tmp_path: Path) -> None:
    (block, *_) = PAGES[ROOT / f"docs/{page}.md"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "flask", "--app", block.name, "run", "--port", str(port)]
    with tmp_path.joinpath("server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None, tmp_path.joinpath("server.log").read_text()
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        for line, claim in printed(block):
            assert status_of(line, port, tmp_path) == claim, line
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
