"""Pools below a real Gunicorn: docs/guide/database-workers.md."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from tests.guide.database_workers.common import (
    fetch,
    on_the_page,
    opened,
    serving,
    table,
    url_of,
    watching,
)
from tests.servers import Server, wait_for

ROOT = Path(__file__).parents[3]
SHOP = """
import os, time
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.pool import NullPool

db = SQLAlchemy()


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["SHOP_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {GIVEN}
    db.init_app(app)
    with app.app_context():
        FIRST

    @app.get("/")
    def front_page():
        return str(os.getpid())

    @app.get("/busy")
    def busy():
        return str(db.session.scalar(text("SELECT pg_sleep(0.4)")))

    @app.get("/backend")
    def backend():
        return f"{os.getpid()} {db.session.scalar(text('SELECT pg_backend_pid()'))}"

    @app.get("/number/<int:number>")
    def number(number):
        got = db.session.scalar(text("SELECT CAST(:number AS INTEGER)"), {"number": number})
        return "right" if got == number else f"{number} got {got}"

    return app
"""
OPEN = 'db.session.execute(text("SELECT 1")); db.session.remove()'
DISPOSE = f"{OPEN}; db.engine.dispose()"


def shop(folder: Path, options: str = "", first: str = "pass") -> str:
    """Write the application of a test into a folder, and return how Gunicorn names it."""
    folder.joinpath("shop.py").write_text(
        SHOP.replace("GIVEN", options).replace("FIRST", first), encoding="utf-8"
    )
    return "shop:create_app()"


@proves(
    "guide/database-workers",
    "--workers 1 | | 1 | 1",
    "--workers 1 --threads 4 | | 4 | 4",
    "--workers 1 --threads 4 | pool_size=1, max_overflow=0 | 1 | 1",
    "--workers 1 --threads 4 | poolclass=NullPool | 4 | 0",
    "A thread uses one connection at a time.",
    "A worker opens at most as many as it has threads, and at most pool_size and max_overflow together.",
    "With fewer connections than threads, requests wait for each other, and after pool_timeout they fail.",
)
@pytest.mark.parametrize("number", range(4))
def test_how_many_connections(number: int, postgresql_server: Server, tmp_path: Path) -> None:
    row = table("database-workers-count")[number]
    gunicorn, options, most, afterwards = (cell.replace("`", "") for cell in row)
    name = f"shop-{number}"
    url = url_of(postgresql_server, name)
    given = ", ".join(f'"{n}": {v}' for n, v in (o.split("=") for o in options.split(", ") if o))
    target = shop(tmp_path, given)
    with (
        serving("gunicorn", *gunicorn.split(), target, cwd=tmp_path, SHOP_URL=url) as server,
        watching(url) as watcher,
        ThreadPoolExecutor(8) as pool,
    ):
        seen = {0}

        def reaches_the_most() -> bool:
            requests = [pool.submit(fetch, server.port, "/busy") for _ in range(8)]
            while not all(request.done() for request in requests):
                seen.add(opened(watcher, name))
            assert {request.result()[0] for request in requests} == {200}
            return max(seen) == int(most)

        wait_for(reaches_the_most, 120)
        wait_for(lambda: opened(watcher, name) == int(afterwards))


@proves(
    "guide/database-workers",
    "With gunicorn --preload, the application is imported once, and then the workers are forked.",
    "A connection that was opened before belongs to all of them: they write into one socket, and each reads what "
    "the server sends, also the answer to another one.",
    "With two workers and PostgreSQL, some requests then get the result of another request, and some fail.",
    "Two processes use one connection, which was opened before a fork.",
)
def test_a_connection_from_before_the_fork(postgresql_server: Server, tmp_path: Path) -> None:
    target = shop(tmp_path, first=OPEN)
    options = ("--workers", "2", "--preload", "--timeout", "3", target)
    url = url_of(postgresql_server, "forked")
    with (
        serving("gunicorn", *options, cwd=tmp_path, SHOP_URL=url) as server,
        ThreadPoolExecutor(8) as pool,
    ):
        pairs: set[tuple[str, ...]] = set()

        def both() -> bool:
            pairs.add(tuple(fetch(server.port, "/backend")[1].split()))
            return len({pid for pid, _ in pairs}) == 2

        wait_for(both)
        assert len({backend for _, backend in pairs}) == 1
        wrong: list[str] = []

        def answer(number: int) -> str:
            try:
                return fetch(server.port, f"/number/{number}")[1]
            except OSError:
                # both workers read, and one of them waited until it was killed
                return "killed"

        def mixed_up() -> bool:
            answers = pool.map(answer, range(100))
            wrong.extend(each for each in answers if re.fullmatch(r"\d+ got \d+", each))
            log = server.log.read_text(encoding="utf-8")
            return bool(wrong) and "ResourceClosedError" in log

        wait_for(mixed_up, 120)
        log = server.log.read_text(encoding="utf-8")
        on_the_page(re.findall(r"ResourceClosedError: (.+)", log)[0])
