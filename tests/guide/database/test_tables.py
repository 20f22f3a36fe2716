"""Tables: docs/guide/database.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import exc, orm
from sqlalchemy.orm import Mapped, mapped_column

from proven.claims.proofs import proves
from snippets.database import init_db
from tests.guide.database.common import SAID, engine_of, new_base


@proves(
    "guide/database",
    "create_all() creates the tables that are missing.",
    "It does not change a table that exists: if you add a column to the class, the "
    "database does not get it, and the next query fails with no such column.",
    "It needs an application context, which a command of app.cli has.",
)
def test_the_command_creates_tables_and_changes_none(
    tmp_path: Path, made: Callable[..., Flask]
) -> None:
    app = made(init_db, instance_path=str(tmp_path))
    result = app.test_cli_runner().invoke(args=["init-db"])
    assert (result.exit_code, result.output) == (0, "Tables: note\n")
    assert (tmp_path / "notes.db").exists()

    class Note(new_base()):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True)
        added: Mapped[str | None]

    with engine_of(f"sqlite:///{tmp_path}/notes.db") as engine, orm.Session(engine) as session:
        Note.metadata.create_all(engine)
        with pytest.raises(exc.OperationalError, match=r"no such column: note\.added"):
            session.scalars(sa.select(Note))


@proves(
    "guide/database-models",
    "Either the models were imported after create_all, or the file is another one (see "
    "SQLite: count the slashes), or the database is in memory and belongs to another "
    "connection.",
)
@proves("guide/database", "create_all knows only the models of modules that were imported.")
def test_a_model_after_create_all_has_no_table(made: Callable[..., Flask]) -> None:
    db = SQLAlchemy(model_class=new_base())
    with made(db).app_context():
        db.create_all()

        class Late(db.Model):
            id: Mapped[int] = mapped_column(primary_key=True)

        with pytest.raises(exc.OperationalError) as caught:
            db.session.scalars(sa.select(Late))
        assert "sqlite3.OperationalError: no such table" in SAID
        assert str(caught.value.orig) == "no such table: late"
