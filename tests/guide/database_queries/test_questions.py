"""Questions: docs/guide/database-queries.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from proven.claims.proofs import proves
from snippets.database import finding, queries
from tests.guide.database.common import SAID, everywhere


@proves("guide/database-queries", "When you commit, it writes your changes to the database:")
@everywhere
def test_the_smallest_finds_changes_and_commits(url: str, made: Callable[..., Flask]) -> None:
    client = made(finding, url).test_client()
    assert client.get("/books").get_json() == ["Emma", "Ulysses"]
    assert client.get("/books?below=15").get_json() == ["Emma"]
    assert client.post("/books/1", data={"price": "25"}).text == "Emma costs 25"
    assert client.get("/books?below=15").get_json() == []
    assert client.post("/books/9").status_code == 404


@proves(
    "guide/database-queries",
    "A value in a statement is sent as a parameter, both in where and as :q in text().",
    "The last search sends a text that is no title, so it finds nothing.",
    "autoescape=True also escapes % and _, which are wildcards of LIKE.",
)
@everywhere
def test_the_questions(url: str, made: Callable[..., Flask]) -> None:
    client = made(queries, url).test_client()
    assert client.get("/books/Emma").get_json() == {"price": 10}
    assert client.get("/books/Ilias").status_code == 404
    assert client.get("/search?q=M").get_json() == ["Emma"]
    assert client.get("/search?q=红").get_json() == ["红楼梦"]
    assert client.get("/search?q=%25").get_json() == []
    assert client.get("/search?q=_").get_json() == []
    assert client.get("/search?q=").get_json() == ["红楼梦", "Ulysses", "Emma"]
    assert client.get("/sql?q=Emma").get_json() == ["Emma"]
    assert client.get("/sql?q=x'+OR+'1'='1").get_json() == []
    assert client.post("/discount").get_json() == {"books": 2, "total": 40}


@proves(
    "guide/database-queries",
    "If an f-string inserted it into the SQL, it would be a condition that is true for every row.",
)
def test_put_together_with_an_f_string_it_always_holds(made: Callable[..., Flask]) -> None:
    with made(queries).app_context():
        typed = "x' OR '1'='1"
        found = queries.db.session.execute(sa.text(f"SELECT 1 FROM book WHERE title = '{typed}'"))
        assert len(found.all()) == 3


@proves(
    "guide/database-queries",
    "session.execute returns rows.",
    "session.scalars returns the first column of each row; if you select a class, these "
    "are objects.",
    "session.scalar returns one value, or None if there is no row.",
)
def test_rows_and_scalars(library: Any) -> None:
    session, user = library.session, library.user
    session.add(ada := user(name="ada"))
    assert session.execute(sa.select(user)).all() == [(ada,)]
    assert session.scalars(sa.select(user)).all() == [ada]
    assert session.scalar(sa.select(user.name)) == "ada"
    assert session.scalar(sa.select(user.name).where(user.id == 9)) is None


@proves(
    "guide/database-queries",
    "Combine conditions with &, | and ~ and parentheses, or with and_(), or_ and not_.",
    "Python's and, or and not do not work.",
    'User.name == "ada" and User.id == 1 is only the first condition, without an error.',
    "With > or like they raise TypeError: Boolean value of this clause is not defined.",
)
def test_conditions_take_operators_not_words(library: Any) -> None:
    user = library.user
    for combine in (
        lambda: user.id > 1 and user.name.like("a%"),
        lambda: user.id > 1 or user.name.like("a%"),
        lambda: not user.name.like("a%"),
    ):
        with pytest.raises(TypeError) as caught:
            combine()
        assert f"`TypeError: {caught.value}`" in SAID
    lost = user.name == "ada" and user.id == 1
    assert str(lost) == str(user.name == "ada")
    assert '`User.name == "ada" and User.id == 1`' in SAID
    both = (user.name == "a") & ~(user.id == 1) | (user.id == 2)
    assert " AND " in str(both)
    assert " OR " in str(both)
    assert str(sa.and_(user.id == 1, user.name == "a")) == str((user.id == 1) & (user.name == "a"))
