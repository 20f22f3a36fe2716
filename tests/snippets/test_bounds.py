"""Each bound and flag that a snippet writes down holds on both sides; `nox -s doubt` changes them by one."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.schema import CreateTable

from snippets.application import (
    error_texts,
    forms,
    language_switch,
    notes,
    recorded,
    users,
)
from snippets.application import sessions as application_sessions
from snippets.configuration import data_files, late_reading, size_limits
from snippets.database import (
    defaults,
    dialects,
    finding,
    keyset,
    loading,
    pool_options,
    queries,
    relationships,
    smallest,
    two_databases,
    without_extension,
)
from snippets.forms import files, journal, login, registration, rendering, typed
from snippets.requests import cookies, limits, raw_body, uploads


def anew(name: str, folder: Path | None = None) -> ModuleType:
    """Import a snippet once more, from a copy in a folder if there is one."""
    file = Path(importlib.import_module(name).__file__ or "")
    if folder:
        file = Path(shutil.copy(file, folder))
    spec = spec_from_file_location(f"anew_{file.stem}", file)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def client() -> FlaskClient:
    """Return a client of the finished application, as the exchanges of its page have it."""
    return recorded.create_app().test_client()


# Forms.


@pytest.mark.parametrize(("length", "status"), [(4, 422), (5, 200)])
def test_a_message_has_five_characters(length: int, status: int) -> None:
    sent = {"name": "Ada", "text": "x" * length}
    assert rendering.app.test_client().post("/", data=sent).status_code == status


def test_the_box_for_a_message_has_four_lines() -> None:
    assert 'rows="4"' in rendering.app.test_client().get("/").text


@pytest.mark.parametrize(("nights", "status"), [(0, 422), (1, 201), (30, 201), (31, 422)])
def test_a_booking_is_for_one_to_thirty_nights(nights: int, status: int) -> None:
    sent = {"guest": "Ada", "nights": str(nights), "arrival": "2026-01-02"}
    assert typed.app.test_client().post("/bookings", data=sent).status_code == status


@pytest.mark.parametrize(("length", "valid"), [(5, True), (6, False)])
def test_the_journal_ends_early_for_a_name_of_six(length: int, valid: bool) -> None:
    steps = journal.app.test_client().get("/", query_string={"name": "x" * length}).text
    assert ("NameField.__html__" in steps) == valid


@pytest.mark.parametrize(("length", "message"), [(30, "is wrong"), (31, "longer than 30")])
def test_a_name_to_log_in_with_has_thirty_characters(
    monkeypatch: pytest.MonkeyPatch, length: int, message: str
) -> None:
    monkeypatch.setitem(login.app.config, "WTF_CSRF_ENABLED", False)
    sent = {"name": "x" * length, "password": "tea"}
    assert message in login.app.test_client().post("/login", data=sent).text


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [(1, 8, 422), (2, 8, 302), (30, 8, 302), (31, 8, 422), (2, 7, 422)],
)
def test_a_name_has_2_to_30_characters_and_a_password_8(
    name: int, password: int, status: int
) -> None:
    app = registration.create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    secret = "x" * password
    sent = {"name": "n" * name, "password": secret, "again": secret}
    assert app.test_client().post("/register", data=sent).status_code == status


def test_a_body_with_photos_has_a_million_bytes() -> None:
    assert files.app.config["MAX_CONTENT_LENGTH"] == 10**6


# Requests.


def test_the_token_is_for_https_only() -> None:
    answer = cookies.app.test_client().post("/token")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_the_limits_are_sixteen_mebibytes_and_the_defaults() -> None:
    fresh = Flask("fresh").config
    assert limits.app.config["MAX_CONTENT_LENGTH"] == 2**24
    for key in ("MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS"):
        assert limits.app.config[key] == fresh[key]


def test_a_note_has_twenty_bytes() -> None:
    client = limits.app.test_client()
    for length, status in ((20, 200), (21, 413)):
        assert client.post("/note", data=b"x" * length).status_code == status


def test_a_form_with_a_comment_has_250_bytes() -> None:
    client = limits.app.test_client()
    head, tail = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n', b"\r\n--b--\r\n"
    for length, status in ((250, 200), (251, 413)):
        body = head + b"x" * (length - len(head) - len(tail)) + tail
        answer = client.post("/comment", data=body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code == status


def test_a_body_is_read_in_pieces_of_64_kibibytes() -> None:
    assert raw_body.PIECE == 2**16


def test_an_upload_that_there_is_not_is_404() -> None:
    assert uploads.create_app().test_client().get("/files/9.png").status_code == 404


# Configuration.


def test_both_files_are_opened_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    load = json.load

    def noting(file: Any) -> object:
        read.append(file.read(0))
        return load(file)

    monkeypatch.setattr(json, "load", noting)
    data_files.create_app()
    assert read == [b""]


def test_debug_is_on_where_nothing_overwrites_it() -> None:
    assert anew("snippets.configuration.debug_in_code").app.debug is True


def test_a_page_has_twenty_rows_if_nothing_else_is_asked_for() -> None:
    assert late_reading.create_app().test_client().get("/").json == {"page_size": 20}


def test_a_file_that_is_missing_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = anew("snippets.configuration.layers", tmp_path)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert module.create_app().test_client().get("/").json["PAGE_SIZE"] == 10


def test_a_note_has_sixteen_bytes_here() -> None:
    client = size_limits.app.test_client()
    for length, status in ((16, 200), (17, 413)):
        assert client.post("/note", data=b"x" * length).status_code == status


# Databases.


@pytest.mark.parametrize(
    ("metadata", "columns"),
    [
        (smallest.Base.metadata, {"note.text": 200}),
        (without_extension.Base.metadata, {"note.text": 200}),
        (two_databases.db.metadatas["audit"], {"audit.path": 200}),
        (finding.Base.metadata, {"book.title": 80}),
        (queries.Base.metadata, {"book.title": 80}),
        (defaults.Base.metadata, {"page.title": 80, "page.tags": 80, "page.source": 20}),
        (loading.Base.metadata, {"author.name": 20, "book.author_name": 20}),
        (
            relationships.Base.metadata,
            {"author.name": 20, "tag.name": 20, "book.author_name": 20, "book_tag.tag_name": 20},
        ),
    ],
)
def test_texts_have_the_length_that_is_declared(
    metadata: sa.MetaData, columns: dict[str, int]
) -> None:
    texts = {
        f"{table.name}.{column.name}": column.type.length
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.String)
    }
    assert texts == columns


def test_a_tag_is_on_a_book_once_and_books_are_found_by_author() -> None:
    assert {column.name for column in relationships.book_tag.primary_key} == {"book_id", "tag_name"}
    (index,) = relationships.Book.__table__.indexes  # type: ignore[attr-defined]
    assert [column.name for column in index.columns] == ["author_name"]


def test_a_total_has_ten_digits_two_of_them_after_the_point() -> None:
    (table,) = dialects.Base.metadata.sorted_tables
    assert "total NUMERIC(10, 2) NOT NULL" in str(CreateTable(table))


def test_books_that_cost_less() -> None:
    app = finding.create_app()
    with app.app_context():
        finding.db.session.add_all(finding.Book(title=f"{n}", price=n) for n in (99, 100))
        finding.db.session.commit()
    client = app.test_client()
    assert client.get("/books").json == ["99", "Emma", "Ulysses"]
    assert client.get("/books?below=11").json == ["Emma"]
    assert client.get("/books?below=10").json == []


def test_one_row_more_than_a_page_is_read() -> None:
    app, asked = keyset.create_app(), []
    with app.app_context():
        sa.event.listen(
            keyset.db.engine, "before_cursor_execute", lambda *told: asked.append(told[3])
        )
    assert app.test_client().get("/entries").json["next"]  # type: ignore[index]
    assert asked == [(0, keyset.SIZE + 1, 0)]


def test_the_pool_has_the_options_that_are_set() -> None:
    with pool_options.create_app().app_context():
        pool = pool_options.db.engine.pool
        assert isinstance(pool, sa.QueuePool)
        assert (pool.size(), pool._max_overflow, pool.timeout(), pool._recycle, pool._pre_ping) == (
            *(5, 10, 5, 280),
            True,
        )


def test_a_search_finds_ten_and_a_discount_is_for_what_costs_more_than_15() -> None:
    app = queries.create_app()
    with app.app_context():
        queries.db.session.add_all(queries.Book(title=f"tea {n}", price=15) for n in range(11))
        queries.db.session.add(queries.Book(title="sixteen", price=16))
        queries.db.session.commit()
    client = app.test_client()
    found = client.get("/search?q=tea").json
    assert found
    assert len(found) == 10
    # 10 and 16 - 5 go; what costs 15 stays as it is.
    assert client.post("/discount").json == {"books": 13, "total": 11 * 15 + 15 + 25}


def test_a_database_in_memory_is_for_all_threads() -> None:
    found: list[int] = []
    module = anew("snippets.database.without_extension")
    ask = lambda: found.append(module.app.test_client().get("/notes").status_code)  # noqa: E731
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [200]


# The finished application.


def register(client: FlaskClient) -> None:
    sent = {"mobile": "13800138000", "password": "correct horse", "again": "correct horse"}
    assert client.post("/register", data=sent).status_code == 303


@pytest.mark.parametrize("form", [forms.NewPasswordForm, forms.RegistrationForm])
@pytest.mark.parametrize(("length", "valid"), [(7, False), (8, True), (200, True), (201, False)])
def test_a_password_has_8_to_200_characters(
    form: type[forms.NewPasswordForm], length: int, valid: bool
) -> None:
    sent = {"password": "x" * length, "again": "x" * length}
    with recorded.create_app().test_request_context(method="POST", data=sent):
        filled = form()
        filled.validate()
        assert ("password" not in filled.errors) == valid


def test_a_note_without_a_title_is_422_and_of_a_stranger_401(client: FlaskClient) -> None:
    answer = client.post("/notes/new", data={"title": "Tea"})
    assert answer.status_code == 401
    assert error_texts.TEXTS[401] in answer.text
    assert users.require_login in client.application.before_request_funcs[notes.bp.name]
    register(client)
    client.post("/login", data={"mobile": "13800138000", "password": "correct horse"})
    assert client.post("/notes/new", data={"title": ""}).status_code == 422


def test_a_page_of_notes_has_two(client: FlaskClient) -> None:
    register(client)
    client.post("/login", data={"mobile": "13800138000", "password": "correct horse"})
    titles = ("tea 1", "tea 2", "tea 3")
    for title in titles:
        client.post("/notes/new", data={"title": title})
    page = client.get("/notes/").text
    assert [title in page for title in titles] == [False, True, True]


def test_no_script_reads_the_language(client: FlaskClient) -> None:
    assert client.application.blueprints["language_switch"] is language_switch.bp
    set_cookie = client.get("/language/zh").headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie.split("; ")


def test_redis_has_a_second() -> None:
    told = application_sessions.client("redis://127.0.0.1:1").connection_pool.connection_kwargs
    assert (told["socket_timeout"], told["socket_connect_timeout"]) == (1, 1)


def test_a_fault_of_ours_says_so() -> None:
    app = recorded.create_app()
    app.add_url_rule("/fault", view_func=lambda: str(1 / 0))
    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    assert error_texts.TEXTS[500] in answer.text
