"""Gunicorn's gevent workers with ``--preload``: who patches the standard library, and when."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from proven.claims.proofs import proves
from tests.servers import free_port

APP = """
import threading
from flask import Flask
from gevent.monkey import is_module_patched
from pymongo import MongoClient

app = Flask(__name__)
at_import = is_module_patched("threading")
client = MongoClient("127.0.0.1", 1)
started = threading.active_count() > 1


@app.get("/")
def patched() -> list[object]:
    return [at_import, is_module_patched("threading"), started]
"""
PATCHES = "from gevent import monkey\n\nmonkey.patch_all()\n"


@proves(
    "reference/sessions",
    "gevent. With --preload, Gunicorn imports the application before its gevent workers patch the standard library.",
    "PyMongo has started threads by then.",
    "Call gevent.monkey.patch_all() in the configuration file of Gunicorn, which it reads before the import.",
)
@pytest.mark.parametrize(
    ("configuration", "answer"), [("", "[false,true,true]"), (PATCHES, "[true,true,")]
)
def test_when_gunicorn_patches(tmp_path: Path, configuration: str, answer: str) -> None:
    tmp_path.joinpath("patched.py").write_text(APP, encoding="utf-8")
    tmp_path.joinpath("gunicorn.conf.py").write_text(configuration, encoding="utf-8")
    # One late patch in twelve ends the worker: gevent looks at every object, and meets what PyMongo has given up.
    for _ in range(5):
        said, log = patched_is(tmp_path)
        if said or "ReferenceError" not in log:
            break
    assert said.startswith(answer), (said, log)


def patched_is(folder: Path) -> tuple[str, str]:
    """Start Gunicorn in a folder; return its answer and its log."""
    port = free_port()
    options = ["--preload", "-k", "gevent", "-b", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "patched:app"],
        cwd=folder,
        env=os.environ,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            said = ask(port, server)
        finally:
            server.terminate()
            log = server.communicate()[1]
    return said, log


def ask(port: int, server: subprocess.Popen[str]) -> str:
    """Return the answer of a server that is still starting."""
    for _ in range(600):
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                return str(answer.read().decode().replace("\n", "").replace(" ", ""))
        except OSError:  # refused, or reset while its workers start
            if server.poll() is not None:
                break
            time.sleep(0.1)
    return ""
