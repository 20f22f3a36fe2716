"""The committed inventories name what the pages link to, and the refresh never breaks one."""

from __future__ import annotations

import runpy
import sys
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

import inventories

MAPPING: dict[str, tuple[str, str]] = runpy.run_path(str(inventories.CONF))["intersphinx_mapping"]
FOLDER = inventories.ROOT / "docs" / "_inventories"


# The committed inventories.


@pytest.mark.parametrize("name", MAPPING)
def test_each_project_of_the_mapping_has_a_good_inventory(name: str) -> None:
    inventory = inventories.check(name, Path(MAPPING[name][1]).read_bytes())
    assert inventory.version
    assert inventory.names


def test_no_inventory_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.inv" for name in MAPPING}
    assert inventories.CORE.keys() == MAPPING.keys()
    assert inventories.SDISTS.keys() | {"python"} == MAPPING.keys()


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


def test_the_inventories_count_the_same_entries_for_sphinx() -> None:
    url, path = MAPPING["flask"]
    theirs = InventoryFile.loads(Path(path).read_bytes(), uri=url).data
    ours = inventories.read(Path(path).read_bytes())
    assert len(ours.names) == sum(len(names) for names in theirs.values())
    assert ours.version == theirs["py:class"]["flask.Flask"].project_version


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
    assert capsys.readouterr() == ("thing 1.2: 2 entries\n", "")


def test_the_first_inventory_needs_no_folder(site: Site) -> None:
    site.answers["thing"] = (200, GOOD)
    assert site.refresh() == 0
    assert site.target("thing").read_bytes() == GOOD


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"gone", "{url} answers 404 Not Found"),
        (503, b"", "{url} answers 503 Service Unavailable"),
        (
            200,
            b"<!DOCTYPE html>\n<title>Sign in</title>",
            "is not a Sphinx inventory: it begins with '<!DOCTYPE html>'",
        ),
        (200, b"", "is not a Sphinx inventory: it begins with ''"),
        (
            200,
            b"# Sphinx inventory version 2\n# Project: T\n",
            "is not a Sphinx inventory: its header is cut off",
        ),
        (
            200,
            GOOD[:-6],
            "is broken: Error -5 while decompressing data: incomplete or truncated stream",
        ),
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
    told = message.format(url=f"{site.address}/thing/objects.inv")
    assert capsys.readouterr() == ("", f"thing: {told}; the old inventory stays\n")


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
    assert capsys.readouterr().out == "second 1.2: 2 entries\n"


def test_only_the_named_projects_are_refreshed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers.update(first=(200, GOOD), second=(200, GOOD))
    assert site.refresh("second") == 0
    assert not site.target("first").exists()
    assert site.refresh("third") == 1
    assert capsys.readouterr().err == "not in conf.py's intersphinx_mapping: third\n"


# Inventories made from source distributions.


def library(folder: Path, conf: str = "") -> Path:
    """Write the documentation of a small library, with things that an inventory must do without."""
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "conf.py").write_text(
        "project = 'Thing'\nversion = '1.2'\nextensions = ['sphinx.ext.autodoc', 'sphinx.ext.intersphinx']\n"
        "intersphinx_mapping = {'other': ('http://127.0.0.1:9/', None)}\n"
        "html_theme = 'not-installed'\nhtml_static_path = ['_static']\n" + conf,
        "utf-8",
    )
    (docs / "index.rst").write_text("Thing\n=====\n\n.. toctree::\n\n   api\n", "utf-8")
    (docs / "api.rst").write_text("API\n===\n\n.. autofunction:: zlib.compress\n", "utf-8")
    return docs


@pytest.mark.parametrize(
    ("builder", "address"), [("dirhtml", "api/#zlib.compress"), ("html", "api.html#zlib.compress")]
)
def test_documentation_is_read_as_its_site_is_built(
    tmp_path: Path, builder: str, address: str
) -> None:
    content = inventories.build(Path(sys.executable), library(tmp_path), builder, tmp_path / "out")
    assert inventories.read(content).version == "1.2"
    assert InventoryFile.loads(content, uri="")["py:function", "zlib.compress"].uri == address
    assert not list((tmp_path / "out").rglob("*.html"))


def test_documentation_with_an_object_that_cannot_be_imported_is_refused(tmp_path: Path) -> None:
    docs = library(tmp_path)
    (docs / "api.rst").write_text("API\n===\n\n.. autofunction:: not_here.compress\n", "utf-8")
    with pytest.raises(
        inventories.InventoryError, match=r"cannot be read whole: .*failed to import .*not_here"
    ):
        inventories.build(Path(sys.executable), docs, "html", tmp_path / "out")


def test_documentation_that_stops_sphinx_is_refused(tmp_path: Path) -> None:
    docs = library(tmp_path, "raise RuntimeError('no luck')\n")
    with pytest.raises(
        inventories.InventoryError, match=r"^-m sphinx -q fails: .*RuntimeError: no luck$"
    ):
        inventories.build(Path(sys.executable), docs, "html", tmp_path / "out")


def test_a_source_distribution_without_documentation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        inventories.InventoryError, match=r"^its source distribution has no documentation in docs/$"
    ):
        inventories.build(Path(sys.executable), tmp_path / "docs", "html", tmp_path / "out")


def test_python_comes_from_the_newest_documentation_that_debian_installed(tmp_path: Path) -> None:
    sdists = inventories.Sdists(tmp_path, {}, debian=tmp_path)
    with pytest.raises(inventories.InventoryError, match=r"apt-get install python3-doc brings it$"):
        sdists("python", "")
    for minor in (9, 11, 13):
        page = tmp_path / f"python3.{minor}" / "html"
        page.mkdir(parents=True)
        (page / "objects.inv").write_bytes(inventory("dict", version=f"3.{minor}"))
    assert inventories.read(sdists("python", "")).version == "3.13"


def test_every_library_is_pinned_with_hashes() -> None:
    locked = inventories.pins()
    for docs in inventories.SDISTS.values():
        assert locked[docs.package].requirement.startswith(f"{docs.package}==")
        assert "--hash=sha256:" in locked[docs.package].requirement


def test_a_library_that_is_not_known_or_not_pinned_is_told(tmp_path: Path) -> None:
    sdists = inventories.Sdists(tmp_path, {})
    with pytest.raises(inventories.InventoryError, match=r"^flask is not pinned in \.lock/$"):
        sdists("flask", "")
    with pytest.raises(inventories.InventoryError, match=r"^has no entry in SDISTS"):
        sdists("thing", "")


def test_pins_are_read_with_their_markers_and_hashes(tmp_path: Path) -> None:
    (tmp_path / "docs.txt").write_text(
        "thing==1.2 ; sys_platform == 'win32' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "    # via other\nplain==3\n"
    )
    locked = inventories.pins(tmp_path)
    assert {name: pin.version for name, pin in locked.items()} == {"thing": "1.2", "plain": "3"}
    assert locked["thing"].requirement.count("--hash") == 2
    assert "via" not in locked["thing"].requirement
