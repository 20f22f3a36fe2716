"""Notes, and two windows: docs/guide/application-notes.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from proven.claims.proofs import proves
from snippets.application import conflicts, note, notes
from snippets.application.models import Note, db
from tests.guide.application.common import Visitor, application, parsed, said
from tests.servers import Server


@proves(
    "guide/application",
    "version is a version column: the UPDATE contains the version that was read, so it "
    "fails if another request has changed the row in the meantime.",
    "The version column detects this.",
)
@proves(
    "guide/application-notes",
    "It gets 409 and a page with both texts, and the user decides by saving again.",
    "The form contains the version of the note that it shows.",
)
@pytest.mark.parametrize("moment", ["before the request", "within the request"])
def test_a_note_changed_in_two_windows_loses_neither_text(anywhere: Flask, moment: str) -> None:
    ada = Visitor(anywhere).register()
    address = ada.write("First", "one")

    def overtake(*_: object) -> None:
        with anywhere.app_context(), db.engine.begin() as connection:
            connection.execute(update(Note).values(text="theirs", version=Note.version + 1))

    if moment == "before the request":
        overtake()
        answer = ada.post(address, title="First", text="mine", version=1)
    else:
        event.listen(db.session, "before_flush", overtake, once=True)
        answer = ada.post(address, title="First", text="mine", version=1)
    assert answer.status_code == 409
    page = parsed(answer)
    assert page.select_one("[role=alert] .text").get_text() == "theirs"  # type: ignore[union-attr]
    assert page.select_one("textarea").get_text().strip() == "mine"  # type: ignore[union-attr]
    # saving again decides
    version = page.select_one("[name=version]")["value"]  # type: ignore[index]
    assert ada.post(address, title="", text="mine", version=version).status_code == 422
    assert ada.post(address, title="First", text="mine", version=version).status_code == 303
    with anywhere.app_context():
        assert db.session.scalars(select(Note.text)).all() == ["mine"]


def test_a_note_deleted_in_another_window_gives_the_text_back(anywhere: Flask) -> None:
    ada = Visitor(anywhere).register()
    address = ada.write("First", "one")

    def overtake(*_: object) -> None:
        with anywhere.app_context(), db.engine.begin() as connection:
            connection.execute(Note.__table__.delete())

    event.listen(db.session, "before_flush", overtake, once=True)
    answer = ada.post(address, title="First", text="mine", version=1)
    assert answer.status_code == 404
    assert [kept.get_text() for kept in parsed(answer).select("pre")] == ["First", "mine"]


@proves(
    "guide/application",
    "MariaDB with innodb_snapshot_isolation raises an OperationalError with the number "
    "1020 instead.",
)
def test_mariadb_may_see_the_conflict_first(mariadb_server: Server, tmp_path: Path) -> None:
    # the default of newer servers: they answer with error 1020 instead of "no row matched"
    url = f"mysql+pymysql://root@127.0.0.1:{mariadb_server.port}/test"
    first = {"init_command": "SET innodb_snapshot_isolation = ON"}
    options = {"connect_args": first}
    with application(
        tmp_path, SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options
    ) as app:
        app.test_cli_runner().invoke(args=["init-db"])
        ada = Visitor(app).register()
        address = ada.write("First", "one")
        seen: list[str] = []

        def overtake(*_: object) -> None:
            with app.app_context(), db.engine.begin() as connection:
                connection.execute(update(Note).values(text="theirs", version=Note.version + 1))

        def watch(context: Any) -> None:
            seen.append(str(context.original_exception.args[0]))

        event.listen(db.session, "before_flush", overtake, once=True)
        with app.app_context():
            event.listen(db.engine, "handle_error", watch)
        answer = ada.post(address, title="First", text="mine", version=1)
        assert (answer.status_code, seen) == (409, [str(conflicts.RECORD_HAS_CHANGED)])
        app.test_cli_runner().invoke(args=["init-db", "--fresh"], input="y\n")


@proves(
    "guide/application-notes",
    "Any other failure of the database gets 503, with the text on the error page.",
)
@proves(
    "guide/application",
    "commit in conflicts.py catches both, but no OperationalError with another number: a "
    "lock timeout or a lost connection is not a conflict.",
)
def test_another_failure_of_the_database_is_no_conflict(anywhere: Flask) -> None:
    ada = Visitor(anywhere).register()
    address = ada.write("First", "one")

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception(1205, "lock wait timeout exceeded"))

    event.listen(db.session, "before_flush", fail, once=True)
    answer = ada.post(address, title="First", text="my text", version=1)
    assert answer.status_code == 503
    assert [kept.get_text() for kept in parsed(answer).select("pre")] == ["First", "my text"]
    with anywhere.app_context():
        assert db.session.scalars(select(Note.text)).all() == ["one"]


def test_a_title_is_shown_as_text(app: Flask, ada: Visitor) -> None:
    ada.write("<script>alert(1)</script>", "{{ 7 * 7 }} %(n)s <b>")
    assert ada.titles() == ["<script>alert(1)</script>"]
    assert "{{ 7 * 7 }} %(n)s <b>" in said(ada.get("/notes/"))
    assert "<script>" not in ada.get("/notes/").text


@proves(
    "guide/application-notes",
    "Pass both page and per_page to db.paginate.",
    "Without them it reads these values from the URL.",
)
def test_two_url_parameters_of_the_list_cannot_be_chosen_from_outside(
    app: Flask, ada: Visitor
) -> None:
    for number in range(8):
        ada.write(str(number))
    assert len(ada.titles("/notes/?per_page=100")) == 6
    assert notes.bp.url_prefix == "/notes"
    assert note.bp.url_prefix == '/notes/<signed("note"):note_id>'


@proves(
    "guide/application-notes",
    "The version column detects a change between this check and the UPDATE.",
)
@proves("guide/application", "Without it, the later UPDATE would overwrite the earlier one.")
def test_without_a_version_the_later_update_wins(app: Flask, ada: Visitor) -> None:
    ada.write("First", "one")
    with app.app_context(), app.app_context():
        here = db.session.scalars(select(Note)).one()
        with app.app_context():
            there = db.session.scalars(select(Note)).one()
            there.text = "theirs"
            db.session.commit()
        here.text = "mine"
        with pytest.raises(StaleDataError):
            db.session.commit()
        db.session.rollback()
        # the statement that a model without a version column would send
        db.session.execute(update(Note).where(Note.id == 1).values(text="mine"))
        db.session.commit()
        assert db.session.scalars(select(Note.text)).all() == ["mine"]


@proves("guide/application-accounts", "It keeps the result in g for the rest of the request.")
@proves(
    "guide/application-notes",
    "The list needs one query for the notes of a page and one to count all notes.",
)
def test_a_page_of_the_list_costs_three_queries(app: Flask, ada: Visitor) -> None:
    for number in range(3):
        ada.write(str(number))
    asked: list[str] = []

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(" ".join(re.findall(r'FROM "?(\w+)', statement)))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", watch)
    ada.get("/notes/")
    # who is there by primary key, the notes, and their number
    assert asked == ["user", "note", "note"]
    asked.clear()
    ada.get("/account/")
    assert asked == ["user", "audit_entry"]
