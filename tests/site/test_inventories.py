"""The committed inventories name what the pages link to, and the refresh never breaks one."""

from __future__ import annotations

import re
import runpy
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

from proven.base.project import ROOT
from proven.commands import inventories

MAPPING: dict[str, tuple[str, str]] = runpy.run_path(str(inventories.CONF))["intersphinx_mapping"]
FOLDER = ROOT / "docs" / "_inventories"


# The committed inventories.


@pytest.mark.parametrize("name", MAPPING)
def test_each_project_of_the_mapping_has_a_good_inventory(name: str) -> None:
    assert inventories.names(name, Path(MAPPING[name][1]).read_bytes()) > inventories.CORE[name]


def test_no_inventory_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.inv" for name in MAPPING}
    assert inventories.CORE.keys() == MAPPING.keys()


@pytest.mark.parametrize(
    ("project", "kind", "name", "address"),
    [
        ("python", "py:class", "dict", "library/stdtypes.html#dict"),
        (
            "python",
            "py:class",
            "contextvars.ContextVar",
            "library/contextvars.html#contextvars.ContextVar",
        ),
        ("flask", "py:class", "flask.Flask", "api/#flask.Flask"),
        ("flask", "py:function", "flask.url_for", "api/#flask.url_for"),
        (
            "flask",
            "py:method",
            "flask.Config.from_prefixed_env",
            "api/#flask.Config.from_prefixed_env",
        ),
        (
            "flask",
            "py:class",
            "flask.sessions.SessionInterface",
            "api/#flask.sessions.SessionInterface",
        ),
        ("flask", "py:data", "SECRET_KEY", "config/#SECRET_KEY"),
        ("werkzeug", "py:class", "werkzeug.routing.Map", "routing/#werkzeug.routing.Map"),
        (
            "werkzeug",
            "py:class",
            "werkzeug.routing.UnicodeConverter",
            "routing/#werkzeug.routing.UnicodeConverter",
        ),
        ("jinja", "py:class", "jinja2.Environment", "api/#jinja2.Environment"),
        ("jinja", "py:function", "jinja-filters.safe", "templates/#jinja-filters.safe"),
        ("click", "py:function", "click.command", "api/#click.command"),
        (
            "itsdangerous",
            "py:class",
            "itsdangerous.url_safe.URLSafeTimedSerializer",
            "url_safe/#itsdangerous.url_safe.URLSafeTimedSerializer",
        ),
        ("blinker", "py:method", "blinker.Signal.connect", "#blinker.Signal.connect"),
        ("wtforms", "py:class", "wtforms.form.Form", "forms/#wtforms.form.Form"),
        (
            "sqlalchemy",
            "py:class",
            "sqlalchemy.orm.Session",
            "orm/session_api.html#sqlalchemy.orm.Session",
        ),
        (
            "flask-sqlalchemy",
            "py:class",
            "flask_sqlalchemy.SQLAlchemy",
            "api/#flask_sqlalchemy.SQLAlchemy",
        ),
        ("flask-session", "py:class", "flask_session.Session", "api.html#flask_session.Session"),
        (
            "flask-session",
            "py:class",
            "flask_session.redis.RedisSessionInterface",
            "api.html#flask_session.redis.RedisSessionInterface",
        ),
        ("pytest", "py:function", "pytest.fixture", "reference/reference.html#pytest.fixture"),
    ],
)
def test_a_name_that_pages_link_to_has_its_address(
    project: str, kind: str, name: str, address: str
) -> None:
    url, path = MAPPING[project]
    found = InventoryFile.loads(Path(path).read_bytes(), uri=url)
    assert found[kind, name].uri == url + address


# The refresh, against a server on this machine.


def inventory(*names: str, version: str = "1.2") -> bytes:
    """An ``objects.inv`` with functions of these names."""
    header = f"# Sphinx inventory version 2\n# Project: Thing\n# Version: {version}\n# compressed using zlib.\n"
    entries = "".join(f"{name} py:function 1 api.html#$ -\n" for name in names)
    return header.encode() + zlib.compress(entries.encode())


GOOD = inventory("thing.open", "thing.close")


@dataclass
class Site:
    """A server of inventories, and a conf.py that maps to it."""

    address: str
    folder: Path
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def target(self, name: str) -> Path:
        return self.folder / "_inventories" / f"{name}.inv"

    def refresh(self, *arguments: str) -> int:
        mapping = {
            name: (f"{self.address}/{name}/", str(self.target(name))) for name in self.answers
        }
        conf = self.folder / "conf.py"
        conf.write_text(f"intersphinx_mapping = {mapping!r}\n", "utf-8")
        return inventories.main(arguments, conf)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    # A proxy of this machine's owner would be asked for 127.0.0.1 too.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    answers: dict[str, tuple[int, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/").removesuffix("/objects.inv")
            status, body = answers.get(name, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", tmp_path, answers)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_good_answer_replaces_the_inventory(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["thing"] = (200, GOOD)
    site.target("thing").parent.mkdir()
    site.target("thing").write_bytes(b"old")
    assert site.refresh() == 0
    assert site.target("thing").read_bytes() == GOOD
    assert [path.name for path in site.target("thing").parent.iterdir()] == ["thing.inv"]
    assert capsys.readouterr() == ("thing: 2 names\n", "")


def test_the_first_inventory_needs_no_folder(site: Site) -> None:
    site.answers["thing"] = (200, GOOD)
    assert site.refresh() == 0
    assert site.target("thing").read_bytes() == GOOD


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"gone", "{url} answers 404 Not Found"),
        (503, b"", "{url} answers 503 Service Unavailable"),
        (200, b"<!DOCTYPE html>\n<title>Sign in</title>", "is not a Sphinx inventory ({why})"),
        (200, b"", "is not a Sphinx inventory ({why})"),
        (200, b"# Sphinx inventory version 2\n# Project: T\n", "is not a Sphinx inventory ({why})"),
        (200, GOOD[:-6], "is not a Sphinx inventory ({why})"),
        (200, inventory(), "is empty"),
    ],
)
def test_a_bad_answer_is_told_in_one_line_and_the_old_inventory_stays(
    site: Site, capsys: pytest.CaptureFixture[str], status: int, body: bytes, message: str
) -> None:
    site.answers["thing"] = (status, body)
    site.target("thing").parent.mkdir()
    site.target("thing").write_bytes(b"old")
    assert site.refresh() == 1
    assert site.target("thing").read_bytes() == b"old"
    pattern = re.escape(f"thing: {message}; the old inventory stays\n")
    pattern = pattern.replace(r"\{why\}", r"[^\n]+")
    pattern = pattern.replace(r"\{url\}", re.escape(f"{site.address}/thing/objects.inv"))
    said, told = capsys.readouterr()
    assert not said
    assert re.fullmatch(pattern, told)


def test_an_inventory_without_the_core_names_is_refused(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["click"] = (200, inventory("click.command"))
    assert site.refresh() == 1
    assert not site.target("click").exists()
    assert capsys.readouterr().err == "click: lacks click.Context; the old inventory stays\n"


def test_a_host_that_does_not_answer_is_told_in_one_line(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers["thing"] = (200, GOOD)
    # Nothing listens on port 9 of this machine.
    site.address = "http://127.0.0.1:9"
    assert site.refresh() == 1
    told = "cannot reach http://127.0.0.1:9/thing/objects.inv (Connection refused)"
    assert capsys.readouterr().err == f"thing: {told}; the old inventory stays\n"


def test_one_failure_does_not_keep_the_others_from_being_refreshed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers.update(first=(500, b""), second=(200, GOOD))
    assert site.refresh() == 1
    assert not site.target("first").exists()
    assert site.target("second").read_bytes() == GOOD
    assert capsys.readouterr().out == "second: 2 names\n"


def test_only_the_named_projects_are_refreshed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers.update(first=(200, GOOD), second=(200, GOOD))
    assert site.refresh("second") == 0
    assert not site.target("first").exists()
    assert site.refresh("third") == 1
    assert capsys.readouterr().err == "not in conf.py's intersphinx_mapping: third\n"
