"""Patterns for models: docs/guide/database-patterns.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc, orm
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.ext.declarative import DeferredReflection
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.pool import StaticPool

from proven.claims.proofs import proves
from snippets.database import hybrids, mixins, or_404, reflected
from snippets.database.hybrids import Cart, Item
from snippets.database.or_404 import Book
from tests.guide.database.common import engine_of, everywhere, listen_to, new_base
from tests.source import Source

_SOURCE = Source("guide/database-patterns")
on_the_page = _SOURCE.quotes


@proves(
    "guide/database-patterns",
    "get_or_404() | a model and a key | there is no row",
    "first_or_404() | a select | there is no row, or its first column is NULL",
    "one_or_404() | a select | there is no row, or more than one",
    "first_or_404 does not limit the query: add .limit(1), and an order_by.",
    "Two rows where one was expected are a fault of the data, and one_or_404 hides it.",
    "To get an error for them, use db.session.scalars(...).one_or_none().",
    "description is the text of the error page.",
    "It is escaped.",
)
@everywhere
def test_or_404(url: str, made: Callable[..., Flask]) -> None:
    app = made(or_404, url)
    client = app.test_client()
    for path, status in (
        ("/books/1", 200),
        ("/books/9", 404),
        ("/first/Emma", 200),
        ("/first/Ilias", 404),
        ("/only/Persuasion", 200),
        ("/only/Ilias", 404),
        ("/only/Emma", 404),
    ):
        assert client.get(path).status_code == status
    assert client.get("/first/Emma").text == "1815"
    assert "No edition of &lt;b&gt;." in client.get("/first/<b>").text
    db = or_404.db
    sent: list[str] = []
    with app.test_request_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *a: sent.append(a[2]))
        db.first_or_404(sa.select(Book).order_by(Book.year))
        assert "LIMIT" not in sent.pop()
        with pytest.raises(Exception, match="404"):
            db.first_or_404(sa.select(sa.null()).select_from(Book))
        emma = db.session.scalars(sa.select(Book).filter_by(title="Emma"))
        with pytest.raises(exc.MultipleResultsFound):
            emma.one_or_none()


@proves(
    "guide/database-patterns",
    "The base holds what all models have.",
    "db.Model gets it too, from SQLAlchemy(model_class=Base).",
    "A mixin is a plain class that does not inherit from Base.",
    "Each model gets its own copy of the columns.",
    "Annotated gives a column a type of its own.",
    "Mapped[Name | None] is the same column, but allows NULL.",
    "sort_order moves a column in CREATE TABLE.",
    "Without it, the columns of the base and of mixins come after those of the model.",
)
def test_mixins() -> None:
    note, user = (mixins.Base.metadata.tables[name] for name in ("note", "user"))
    assert {"id", "created", "changed", "owner_id"} < {*note.columns.keys()}
    assert note.columns["id"] is not user.columns["id"]
    assert (note.columns["title"].type.length, user.columns["name"].type.length) == (80, 80)
    assert note.columns["title"].index
    assert note.columns.keys()[0] == "id"
    assert mixins.app.test_client().get("/tables").json["note"][0] == "id"
    assert not issubclass(mixins.Dated, mixins.Base)
    assert "id" in mixins.db.Model.__annotations__
    base = new_base()

    class Named:
        name: Mapped[mixins.Name]

    class Tag(Named, base):
        __tablename__ = "tag"
        nick: Mapped[mixins.Name | None]
        key: Mapped[int] = mapped_column(primary_key=True)

    table = Tag.__table__
    assert table.columns.keys() == ["nick", "key", "name"]
    assert (table.c.nick.nullable, table.c.name.nullable) == (True, False)
    assert table.c.nick.type.length == 80


@everywhere
def test_the_mixins_of_a_note(url: str) -> None:
    with engine_of(url) as engine, orm.Session(engine) as session:
        mixins.Base.metadata.create_all(engine)
        note = mixins.Note(title="tea", owner=mixins.User(name="ada"))
        session.add(note)
        session.commit()
        assert note.owner.name == "ada"
        assert isinstance(note.created, datetime)
        # the past, so that a change is seen on a database without fractions of a second
        note.changed = note.created = datetime(2020, 1, 1)
        session.commit()
        note.title = "cup"
        session.commit()
        assert note.created == datetime(2020, 1, 1)
        assert note.changed > note.created


@proves(
    "guide/database-patterns",
    "declared_attr is for what needs the class of the model, such as relationship.",
    "Without it, SQLAlchemy raises an error.",
    "A mixin has a relationship without declared_attr.",
)
def test_a_relationship_in_a_mixin() -> None:
    class Owned:
        owner = orm.relationship("User")

    with pytest.raises(exc.InvalidRequestError) as caught:

        class Note(Owned, new_base()):
            __tablename__ = "note"
            id: Mapped[int] = mapped_column(primary_key=True)

    on_the_page(f"sqlalchemy.exc.InvalidRequestError: {caught.value}".partition("  For")[0])


@proves(
    "guide/database-patterns",
    "A property of Python is no column, so a query cannot use it.",
    "A hybrid property works on an object and in a query:",
    "Item.total needs one function: on an object, self.cents * self.number is a number, and on the class it is SQL.",
    "A hybrid is not stored, so it has no index.",
    "On objects, Cart.total loads the items of each cart: N+1.",
    "select(Cart, Cart.total) returns both with one statement.",
)
@everywhere
def test_hybrids(url: str, made: Callable[..., Flask]) -> None:
    app = made(hybrids, url)
    assert app.test_client().get("/carts").json == [2100]
    assert Item(cents=3, number=4).total == 12
    assert str(sa.select(Item.total)).startswith("SELECT item.cents * item.number")
    assert "total" not in {*Item.__table__.columns.keys(), *Cart.__table__.columns.keys()}
    with app.app_context():
        sent: list[str] = []
        listen_to(hybrids.db.engine, sent)
        carts = hybrids.db.session.scalars(sa.select(Cart).order_by(Cart.id)).all()
        assert [cart.total for cart in carts] == [2100, 0]
        assert len(sent) == 3
        sent.clear()
        rows = hybrids.db.session.execute(sa.select(Cart, Cart.total).order_by(Cart.id)).all()
        assert [row[1] for row in rows] == [2100, 0]
        assert len(sent) == 1
    plain = type("Plain", (), {"total": property(lambda self: 1)})
    with pytest.raises(exc.ArgumentError):
        sa.select(plain.total)


@proves(
    "guide/database-patterns",
    "Cart.total needs two, because Python's sum does not understand columns.",
    "Write what is SQL on the class: if, or, sum and methods of strings are not.",
    'self.name or "nobody" is only the column name in a query, without an error.',
    "A hybrid property with a loop or sum over a relationship is used in a query.",
    "Give it a second function with inplace.expression.",
    "With if, the error is TypeError: Boolean value of this clause is not defined.",
    "A hybrid property calls a method of a string, and a column has none.",
    "Write func.upper(cls.name) in inplace.expression.",
)
def test_what_is_no_sql() -> None:
    class Base(orm.DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "user"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None]
        boss_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
        team = orm.relationship("User")

        @hybrid_property
        def size(self) -> int:
            return sum(each.id for each in self.team)

        @hybrid_property
        def state(self) -> str:
            return "old" if self.id < 100 else "new"

        @hybrid_property
        def known(self) -> str:
            return self.name or "nobody"

        @hybrid_property
        def loud(self) -> str:
            return self.name.upper()

        @loud.inplace.expression
        @classmethod
        def _loud(cls) -> sa.ColumnElement[str]:
            return sa.func.upper(cls.name)

        @hybrid_property
        def careless(self) -> str:
            return self.name.upper()

    for use in (lambda: User.size, lambda: User.state, lambda: User.careless):
        with pytest.raises((NotImplementedError, TypeError, AttributeError)) as caught:
            sa.select(use())
        kind = (
            "" if isinstance(caught.value, AttributeError) else f"{type(caught.value).__name__}: "
        )
        on_the_page(f"`{kind}{caught.value}`")
    assert str(sa.select(User.known)).splitlines()[0].strip() == 'SELECT "user".name'
    assert User().known == "nobody"
    assert "upper(" in str(sa.select(User.loud))
    assert User(name="ada").loud == "ADA"
    Base.registry.dispose()


@proves(
    "guide/database-patterns",
    "DeferredReflection waits until prepare gets an engine, so the classes can be imported before the application "
    "has one.",
    "prepare asks the database when the application starts.",
    "What a class declares wins over what is read.",
    "A query was made before prepare.",
)
@everywhere
def test_reflection(url: str, made: Callable[..., Flask]) -> None:
    base = new_base()

    class Reflected(DeferredReflection):
        __abstract__ = True

    class Article(Reflected, base):
        __tablename__ = "articles"
        key: Mapped[int] = mapped_column("art_no", primary_key=True)
        title: Mapped[str] = mapped_column(sa.String(7))

    with pytest.raises(orm.exc.UnmappedClassError) as caught:
        sa.select(Article)
    said = str(caught.value).replace(f"{Article.__module__}.Article", "Article")
    on_the_page(" ".join(f"`{said}`".split()))
    app = made(reflected, url)
    client = app.test_client()
    assert client.get("/articles").json == ["tea"]
    assert client.get("/columns").json == ["art_no", "title", "cents"]
    with app.app_context():
        Reflected.prepare(reflected.db.engine)
    assert Article.__table__.c.title.type.length == 7
    assert isinstance(Article.__table__.c.cents.type, sa.Integer)


def old_tables() -> sa.Engine:
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE articles (id INTEGER PRIMARY KEY)",
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, article_id INTEGER REFERENCES articles (id))",
            "CREATE TABLE sales (name TEXT)",
            "INSERT INTO sales VALUES ('tea')",
            "CREATE VIEW sold AS SELECT DISTINCT name FROM sales",
        ):
            connection.execute(sa.text(statement))
    return engine


@proves(
    "guide/database-patterns",
    'a Table without a class | Table("articles", metadata, autoload_with=engine)',
    "the names of the tables | inspect(engine).get_table_names()",
    "classes and relationships for all tables | automap_base(), then Base.prepare(autoload_with=engine)",
    "prepare does not read views.",
    "Declare the columns of a view like those of a table, one of them with primary_key=True.",
    "The table or view has no primary key.",
    "Declare a column of the class with primary_key=True: each of its values must occur once.",
    'The database has no such table, or it is a view, or it is in another schema: pass schema="shop".',
    "With autoload_with, the error is NoSuchTableError: articles.",
)
def test_other_ways_to_reflect() -> None:
    engine = old_tables()
    assert sa.Table("articles", sa.MetaData(), autoload_with=engine).columns.keys() == ["id"]
    assert sa.inspect(engine).get_table_names() == ["articles", "parts", "sales"]
    automapped = automap_base()
    automapped.prepare(autoload_with=engine)
    assert {*automapped.classes.keys()} == {"articles", "parts"}
    assert sa.inspect(automapped.classes.parts).relationships.keys() == ["articles"]

    def prepare(table: str, **more: object) -> type:
        base = type("Reflected", (DeferredReflection,), {"__abstract__": True})
        kind = type("Sale", (base, new_base()), {"__tablename__": table, **more})
        base.prepare(engine)  # type: ignore[attr-defined]
        return kind

    with pytest.raises(exc.ArgumentError) as caught:
        prepare("sales")
    assert on_the_page(
        "could not assemble any primary key columns for mapped table 'sales'"
    ) in str(caught.value)
    for name in ("nothing", "sold"):
        with pytest.raises(exc.InvalidRequestError) as refused:
            prepare(name)
        on_the_page(str(refused.value).replace(f"({name})", "(articles)"))
    with pytest.raises(exc.NoSuchTableError) as missing:
        sa.Table("nothing", sa.MetaData(), autoload_with=engine)
    on_the_page(f"NoSuchTableError: {missing.value}".replace("nothing", "articles"))
    sale = prepare("sales", name=mapped_column(sa.Text, primary_key=True))
    sold = type(
        "Sold",
        (new_base(),),
        {"__tablename__": "sold", "name": mapped_column(sa.Text, primary_key=True)},
    )
    with orm.Session(engine) as session:
        assert [session.scalars(sa.select(each)).one().name for each in (sale, sold)] == ["tea"] * 2
    engine.dispose()


@proves(
    "guide/database-patterns",
    'Table("articles", metadata, autoload=True) | autoload_with=engine; the old argument raises TypeError',
    "@total.expression with a second def total(cls) | @total.inplace.expression; the old form still works",
)
def test_then_and_now() -> None:
    with pytest.raises(TypeError):
        sa.Table("articles", sa.MetaData(), autoload=True)

    class Item(new_base()):
        __tablename__ = "item"
        id: Mapped[int] = mapped_column(primary_key=True)

        @hybrid_property
        def total(self) -> int:
            return self.id

        @total.expression
        def total(cls) -> sa.ColumnElement[int]:  # noqa: N805
            return sa.func.abs(cls.id)

    assert "abs(item.id)" in str(sa.select(Item.total))
