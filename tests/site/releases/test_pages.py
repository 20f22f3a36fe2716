"""The role and the tables of the history: what they say, in both languages, and what stops the build."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import blinker
import flask
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sphinx.environment import BuildEnvironment

from proven.claims.proofs import proves
from proven.releases import clauses, groups, key_tables, timeline
from proven.releases.data import history
from proven.releases.records import Dated
from proven.releases.timeline import Entry, History
from tests.site.tiny_site import TinySite

GREETING = "docs/guide/greeting.md"
GREETING_PO = "locale/zh_CN/LC_MESSAGES/guide/greeting.po"
HISTORY = History()


def said(name: str) -> str:
    return clauses.sentence(clauses.clauses(HISTORY, HISTORY.find(name)))


# --- the clause -----------------------------------------------------------------------------


@proves(
    "about/house",
    "releases/since.py finds the name with releases/timeline.py, and releases/clauses.py "
    "says in the language of the page what happened to it.",
)
@proves("about/adding-a-page", "When a name came, changed and went, read off the releases.")
@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("flask.Config.from_file", "added in Flask 2.0; parameters changed in Flask 2.3"),
        ("flask.redirect", "part of Flask since 0.10 or earlier"),
        ("flask.Flask.run", "part of Flask since 0.10 or earlier; parameters changed in Flask 1.0"),
        ("flask.Flask.run(load_dotenv)", "added in Flask 1.0"),
        (
            "flask:JSON_AS_ASCII",
            "removed in Flask 2.3, deprecated since 2.2; use `app.json.ensure_ascii`",
        ),
        ("flask:PRESERVE_CONTEXT_ON_EXCEPTION", "removed in Flask 2.2"),
        (
            "flask.Request.module",
            "removed in Flask 1.0, deprecated long before; use `request.blueprint`",
        ),
        (
            "flask.Blueprint",
            "part of Flask since 0.10 or earlier; parameters changed in Flask 0.11, 1.1",
        ),
        (
            "flask:TRAP_BAD_REQUEST_ERRORS",
            "part of Flask since 0.10 or earlier; "
            "default `None` since Flask 1.0, before that `False`",
        ),
        (
            "flask.Config.from_json",
            "added in Flask 0.11; removed in Flask 2.1, deprecated since 2.0.1; "
            "use `app.config.from_file(name, load=json.load)`",
        ),
        (
            "flask.__version__",
            "part of Flask since 0.10 or earlier; deprecated since Flask 3.0; "
            'use `importlib.metadata.version("flask")`',
        ),
        (
            "sqlalchemy.orm.relation",
            "removed in SQLAlchemy 2.0, deprecated since 1.4; use `sqlalchemy.orm.relationship`",
        ),
        ("sqlalchemy.orm.DeclarativeBase", "added in SQLAlchemy 2.0"),
        (
            "werkzeug.routing.RequestRedirect",
            "part of Werkzeug since 0.9 or earlier; "
            "`code` is `308` since Werkzeug 0.15, before that `301`",
        ),
    ],
)
def test_the_clause_says_what_happened(name: str, clause: str) -> None:
    assert said(name) == clause


def test_the_default_that_detects_a_deprecated_key_is_not_told() -> None:
    assert "default" not in said("flask:JSON_SORT_KEYS")


def test_a_taken_back_deprecation_is_not_told() -> None:
    entry = Entry(
        name="tea.brew",
        library="Tea",
        kind="function",
        oldest="1.0",
        events=(Dated("1.1", "added"), Dated("1.2", "deprecated"), Dated("1.3", "restored")),
    )
    assert clauses.clauses(HISTORY, entry) == ["added in Tea 1.1"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(days=31), "timedelta(days=31)"),
        (None, "None"),
        ("session", "'session'"),
        (500_000, "500000"),
    ],
)
def test_a_default_is_written_as_in_a_settings_file(value: object, text: str) -> None:
    assert key_tables.default_text(value) == text


def test_a_page_that_asks_depends_on_the_data() -> None:
    noted: list[str] = []
    env = cast(
        BuildEnvironment, SimpleNamespace(app=SimpleNamespace(), note_dependency=noted.append)
    )
    first = history(env)
    assert history(env) is first
    files = {Path(path).name for path in noted}
    assert {"flask.json", "werkzeug.json", "replacements.toml"} <= files


# --- a small site ---------------------------------------------------------------------------


def add_data(site: TinySite) -> TinySite:
    """Give a site the data of the real one."""
    folder = site.root / "docs" / "history"
    shutil.copytree(timeline.FOLDER / "data", folder / "data")
    shutil.copy(timeline.FOLDER / "replacements.toml", folder)
    return site


@pytest.fixture
def tiny_site(tiny_site: TinySite) -> TinySite:
    return add_data(tiny_site)


def with_text(site: TinySite, text: str) -> int:
    """Add ``text`` to the page and return its line."""
    site.write(GREETING, site.read(GREETING) + f"\n{text}\n")
    return len(site.read(GREETING).splitlines()) - text.count("\n")


PAGES = {
    "configuration": "```{history-filter} configuration\n```\n\n"
    + "\n\n".join(f"```{{configuration-history}} {name}\n```" for name in key_tables.KEY_PROJECTS),
    "api": "```{history-filter} api\n```\n\n"
    + "\n\n".join(f"```{{api-history}} {name}\n```" for name in groups.GROUPS)
    + "\n\n```{library-names} flask\n```",
    "werkzeug": "```{history-filter} werkzeug\n```\n\n```{library-names} werkzeug\n```",
}
SENTENCE = "Old posts read JSON: {since}`flask:JSON_AS_ASCII`."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with everything that the extension can show."""
    site = add_data(TinySite(tmp_path_factory.mktemp("history")))
    with_text(site, SENTENCE)
    with_text(site, "```{configuration-keys}\n```")
    with_text(site, "```{notes-keys}\n```")
    with_text(site, "```{key-facts} USE_X_SENDFILE\n```")
    with_text(site, "```{history-releases}\n```")
    for name, text in PAGES.items():
        head = f"---\norphan: true\ndescription: {name} by release.\n---\n# By release\n\n"
        site.write(f"docs/history/{name}.md", head + text + "\n")
    result = site.build()
    assert result.complaints == []
    return result.html


def soup_of(built: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((built / f"{page}.html").read_text("utf-8"), "lxml")


@pytest.fixture
def soup(built: Path) -> BeautifulSoup:
    return soup_of(built, "guide/greeting")


def test_the_role_renders_in_english(soup: BeautifulSoup) -> None:
    clause = soup.select_one(".since")
    assert clause is not None
    assert clause.text == "removed in Flask 2.3, deprecated since 2.2; use app.json.ensure_ascii"
    assert clause.select_one("code").text == "app.json.ensure_ascii"  # type: ignore[union-attr]


def test_the_role_renders_in_chinese(tiny_site: TinySite) -> None:
    with_text(tiny_site, SENTENCE)
    tiny_site.write(
        GREETING_PO,
        tiny_site.read(GREETING_PO)
        + f'\nmsgid "{SENTENCE}"\nmsgstr "旧文章读取 JSON：{{since}}`flask:JSON_AS_ASCII`。"\n',
    )
    built = tiny_site.build("zh_CN")
    assert built.complaints == []
    clause = soup_of(built.html, "guide/greeting").select_one(".since")
    assert clause is not None
    assert clause.text == "Flask 2.3 移除（2.2 起弃用）；改用 app.json.ensure_ascii"


BROKEN = {
    "{since}`flask.Config.from_jsn`": (
        "since: no release has the name 'flask.Config.from_jsn'; nearest: flask.Config.from_json, "
        "flask.Config.from_object, flask.Config.from_envvar; the names are those of "
        "docs/history/data"
    ),
    "```{key-facts} TESTNG\n```": (
        "key-facts: the installed Flask has no key 'TESTNG'; nearest: TESTING"
    ),
    "```{configuration-history} flaks\n```": (
        "configuration-history: no library 'flaks'; there are flask, flask-session, flask-sqlalchemy"
    ),
    "```{api-history} rooting\n```": "api-history: no group 'rooting'; nearest: routing",
    "```{history-filter} apis\n```": "history-filter: no data 'apis'; there are configuration, api, ",
    "```{library-names} wekzeug\n```": "library-names: no 'wekzeug'; there are ",
}


@proves("history/index", "The build looks it up, and stops if no release has the name.")
def test_what_nobody_knows_stops_the_build(tiny_site: TinySite) -> None:
    lines = {text: with_text(tiny_site, text) for text in BROKEN}
    built = tiny_site.build()
    assert built.code != 0
    for text, line in lines.items():
        (complaint,) = [c for c in built.complaints if c.startswith(f"{GREETING}:{line}: ")]
        assert BROKEN[text] in complaint


def test_data_that_cannot_be_read_stops_the_build_and_is_named(tiny_site: TinySite) -> None:
    with_text(tiny_site, SENTENCE)
    tiny_site.write("docs/history/data/flask.json", "{")
    built = tiny_site.build()
    assert built.code != 0
    (complaint,) = [line for line in built.complaints if "docs/history" in line]
    assert complaint == (
        "the data of docs/history cannot be read (flask.json: Expecting property name enclosed in "
        "double quotes: line 1 column 2 (char 1)); restore it from git"
    )


def table(soup: BeautifulSoup, name: str) -> list[list[str]]:
    """The cells of a table, without the labels that narrow screens show."""
    found = soup.select_one(f"table.history-{name}")
    assert found is not None
    for label in found.select(".cell-label"):
        label.decompose()
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in found.select("tbody tr")
    ]


@proves("history/configuration", "Configuration keys explains each key that Flask has today.")
def test_the_table_of_keys_has_each_key_of_the_installed_flask(soup: BeautifulSoup) -> None:
    rows = table(soup, "keys")
    assert [row[0] for row in rows] == sorted(Flask.default_config)
    cells = {row[0]: row[1:] for row in rows}
    assert cells["TESTING"] == ["False", "bool", "part of Flask since 0.10 or earlier"]
    assert cells["TRUSTED_HOSTS"] == ["None", "list[str] | None", "added in Flask 3.1"]


@proves(
    "history/configuration",
    "Configuration: 28 keys from an old notebook, and what to write instead of those that "
    "were removed.",
)
def test_the_table_of_the_notes_says_what_became_of_28_keys(soup: BeautifulSoup) -> None:
    rows = table(soup, "notes-keys")
    assert len(rows) == 28
    verdicts = {row[0]: row[2] for row in rows}
    by_verdict = {
        verdict: sorted(key for key, told in verdicts.items() if told == verdict)
        for verdict in sorted(set(verdicts.values()))
    }
    assert by_verdict["gone"] == ["PRESERVE_CONTEXT_ON_EXCEPTION"]
    assert by_verdict["replaced"] == [
        *("JSONIFY_MIMETYPE", "JSONIFY_PRETTYPRINT_REGULAR", "JSON_AS_ASCII", "JSON_SORT_KEYS"),
        *("LOGGER_HANDLER_POLICY", "LOGGER_NAME"),
    ]
    assert by_verdict["default changed"] == [
        *("APPLICATION_ROOT", "DEBUG", "SEND_FILE_MAX_AGE_DEFAULT", "TRAP_BAD_REQUEST_ERRORS")
    ]
    assert len(by_verdict["stands"]) == 17
    told = {row[0]: row[3] for row in rows}
    assert told["LOGGER_NAME"] == "removed in Flask 1.0; use app.logger.name"
    assert told["DEBUG"] == (
        "default None since Flask 1.0, before that get_debug_flag(default=False)"
    )
    assert told["TESTING"] == ""


def test_the_facts_of_a_key(soup: BeautifulSoup) -> None:
    facts = soup.select_one("dl.key-facts")
    assert facts is not None
    terms = [term.get_text(strip=True).rstrip(":") for term in facts.select("dt")]
    values = [value.get_text(strip=True) for value in facts.select("dd")]
    assert dict(zip(terms, values, strict=True)) == {
        "Type": "bool",
        "Default": "False",
        "Read by": "flask.send_file,flask.send_from_directory",
        "Since": "part of Flask since 0.10 or earlier",
    }


def test_the_table_of_libraries_says_what_was_read(soup: BeautifulSoup) -> None:
    rows = {row[0]: row[1:] for row in table(soup, "releases")}
    assert list(rows) == sorted(rows, key=str.lower)
    assert rows["Flask"][:2] == ["0.10", HISTORY.libraries["flask"].releases[-1]]
    assert int(rows["Flask"][2]) == len(HISTORY.libraries["flask"].releases)


@proves(
    "history/configuration",
    "Look up a key from old code: when it was added and removed, which default it had in "
    "which release, and what to set today.",
)
@proves(
    "history/index",
    "Configuration keys by release: the configuration keys of Flask, Flask-Session and "
    "Flask-SQLAlchemy.",
)
def test_each_key_of_each_release_is_shown(built: Path) -> None:
    rows = soup_of(built, "history/configuration").select("table.history tbody tr")
    assert len(rows) == sum(len(list(HISTORY.keys(name))) for name in key_tables.KEY_PROJECTS)
    row = next(row for row in rows if row.td is not None and row.td.text == "JSON_AS_ASCII")
    assert "gone" in row["class"]
    # On a narrow screen a row is a card, and each cell says what it is.
    assert [cell.get_text(" ", strip=True) for cell in row.select("td")] == [
        *("JSON_AS_ASCII", "Came ≤ 0.10", "Deprecated 2.2", "Went 2.3"),
        *("Default 0.10 True , 2.2 None", "Use instead app.json.ensure_ascii"),
    ]


@proves(
    "history/api",
    "These are the names that you can import from flask today, or could import in an "
    "older release.",
    "These are the attributes and methods of flask.Flask.",
    "Flask adds these names to the request of Werkzeug.",
    "Flask adds these names to the response of Werkzeug.",
)
@proves(
    "history/index",
    "For each name in Flask, these pages tell you which release added, changed, "
    "deprecated and removed it, and what to write instead.",
    "Names by release: the public names of Flask, and of the classes of Werkzeug that "
    "Flask is built on.",
)
def test_each_public_name_of_what_pages_speak_of_is_shown(built: Path) -> None:
    names = names_of(soup_of(built, "history/api"))
    assert len(names) == len(set(names))
    assert set(names) >= {
        *("flask.Flask.before_first_request", "flask.Blueprint.get", "flask.Config.from_file"),
        *("flask.Request.blueprint", "flask.Response.max_cookie_size", "flask.ctx.AppContext.g"),
        *("flask.sessions.SessionInterface.open_session", "flask.request_started", "flask.g"),
        *("flask.json.provider.JSONProvider.dumps", "werkzeug.routing.Rule.match_compare_key"),
        *("werkzeug.wrappers.Request.is_xhr", "werkzeug.wrappers.Response.set_cookie"),
        *("flask.Flask", "flask.Request", "flask.Config", "werkzeug.routing.Map"),
    }


def names_of(soup: BeautifulSoup) -> list[str]:
    """The names of a page: in full in the tables of groups, without their module in those of libraries."""
    found = []
    for part in soup.select("table.history, .history-same"):
        module = f"{part['data-module']}." if part.has_attr("data-module") else ""
        for item in part.select("tbody tr > td:first-child, li"):
            name = item.get_text()
            found.append(name if f"{name}." == module or name.startswith(module) else module + name)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_what_is_downloaded_has_the_rows_that_are_shown(built: Path, name: str) -> None:
    soup = soup_of(built, f"history/{name}")
    shown = names_of(soup)
    column = "key" if name == "configuration" else "name"
    rows = json.loads((built / "history" / f"{name}.json").read_text("utf-8"))
    assert sorted(row[column] for row in rows) == sorted(shown)
    assert [row[column] for row in downloaded(built, name)] == [row[column] for row in rows]
    links = [link["href"] for link in soup.select(".history-filter a[download]")]
    assert links == [f"{name}.csv", f"{name}.json"]


def test_the_download_tells_what_the_table_tells(built: Path) -> None:
    (key,) = [row for row in downloaded(built, "configuration") if row["key"] == "JSON_SORT_KEYS"]
    assert key == {
        "library": "Flask",
        "key": "JSON_SORT_KEYS",
        "added": "",
        "deprecated": "2.2.0",
        "removed": "2.3.0",
        "defaults": "0.10=True; 2.2.0=None",
        "replacement": "app.json.sort_keys",
    }


def downloaded(built: Path, name: str) -> list[dict[str, str]]:
    text = (built / "history" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_script_is_classic_and_only_where_there_is_something_to_filter(built: Path) -> None:
    (script,) = soup_of(built, "history/api").select("script[src*=history-filter]")
    assert "defer" in script.attrs
    assert script.get("type") != "module"
    assert soup_of(built, "index").select("script[src*=history-filter]") == []


@proves("history/api", "You can import all of them from flask.")
def test_the_signals_have_a_table_of_their_own_and_are_imported_from_flask() -> None:
    names = [entry.name for entry in groups.group_entries(HISTORY, "signals")]
    signals = {
        f"flask.{name}"
        for name in vars(flask)
        if isinstance(getattr(flask, name), blinker.NamedSignal)
    }
    assert len(signals) == 10
    assert set(names) == signals | {"flask.signals_available", "flask.signals.Namespace"}
    assert not set(names) & {entry.name for entry in groups.group_entries(HISTORY, "module")}


def test_generated_text_is_not_asked_of_translators() -> None:
    import polib

    for name in ("history/configuration", "history/api", "reference/configuration"):
        catalog = polib.pofile(
            str(timeline.FOLDER.parents[1] / f"locale/zh_CN/LC_MESSAGES/{name}.po")
        )
        assert not [entry.msgid for entry in catalog if "or earlier" in entry.msgid]
