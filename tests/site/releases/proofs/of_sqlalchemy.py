"""What replaces the names that SQLAlchemy gave up does the job: the proofs for docs/history/replacements.toml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event, func, inspect, orm, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext import hybrid

from tests.site.releases.proofs.register import proves


class Base(orm.DeclarativeBase):
    """What the models below are made of."""


class Shop(Base):
    __tablename__ = "shop"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    shelves: orm.Mapped[list[Shelf]] = orm.relationship(back_populates="shop")


class Shelf(Base):
    __tablename__ = "shelf"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    shop_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("shop.id"))
    shop: orm.Mapped[Shop] = orm.relationship(back_populates="shelves")
    teas: orm.Mapped[list[Tea]] = orm.relationship(back_populates="shelf")


class Tea(Base):
    __tablename__ = "tea"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    shelf_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("shelf.id"))
    shelf: orm.Mapped[Shelf] = orm.relationship(back_populates="teas")
    name: orm.Mapped[str]


SHOPS = Base.metadata.tables["shop"]


@contextmanager
def database() -> Iterator[sa.Engine]:
    """A database in memory with two shops, of which the first has a shelf with a tea."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session, session.begin():
        session.add(Shop(name="Ada", shelves=[Shelf(teas=[Tea(name="oolong")])]))
        session.add(Shop(name="Bob"))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened() -> Iterator[orm.Session]:
    """A session on that database."""
    with database() as engine, orm.Session(engine) as session:
        yield session


# --- tables ---------------------------------------------------------------------------------


@proves("sqlalchemy.LargeBinary", "sqlalchemy.Binary")
def bytes_are_kept() -> None:
    table = sa.Table("seal", sa.MetaData(), sa.Column("wax", sa.LargeBinary))
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert().values(wax=b"\0\xff"))
        assert connection.scalar(select(table.c.wax)) == b"\0\xff"
    engine.dispose()


@proves("sqlalchemy.DefaultClause", "sqlalchemy.PassiveDefault")
def the_database_fills_in_a_default() -> None:
    table = sa.Table(
        "cup",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("size", sa.Integer, sa.DefaultClause("3")),
    )
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.exec_driver_sql("insert into cup (id) values (1)")
        assert connection.scalar(select(table.c.size)) == 3
    engine.dispose()


@proves("metadata.create_all(engine)", "sqlalchemy.MetaData(bind)", "sqlalchemy.MetaData.bind")
def tables_are_made_where_one_says() -> None:
    metadata = sa.MetaData()
    sa.Table("cup", metadata, sa.Column("id", sa.Integer))
    first, second = sa.create_engine("sqlite://"), sa.create_engine("sqlite://")
    metadata.create_all(first)
    assert inspect(first).get_table_names() == ["cup"]
    assert inspect(second).get_table_names() == []
    first.dispose()
    second.dispose()


@proves("connection.execute(statement)", "sqlalchemy.Table.bind")
def a_connection_runs_the_statement_of_a_table() -> None:
    with database() as engine, engine.connect() as connection:
        assert connection.execute(SHOPS.select()).all() == [(1, "Ada"), (2, "Bob")]


@proves("select(func.count()).select_from(table)", "sqlalchemy.Table.count")
def rows_are_counted() -> None:
    with database() as engine, engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(SHOPS)) == 2


@proves(
    "inspect(engine).has_table(name)",
    "sqlalchemy.Table.exists",
    "sqlalchemy.engine.Engine.has_table",
)
def the_inspector_knows_whether_a_table_is_there() -> None:
    with database() as engine:
        assert inspect(engine).has_table("shop")
        assert not inspect(engine).has_table("harbour")


@proves("inspect(engine).get_table_names()", "sqlalchemy.engine.Engine.table_names")
def the_inspector_lists_the_tables() -> None:
    with database() as engine:
        assert inspect(engine).get_table_names() == ["shelf", "shop", "tea"]


@proves("sqlalchemy.inspect", "sqlalchemy.Inspector", "sqlalchemy.engine.Inspector")
def inspect_makes_the_inspector() -> None:
    with database() as engine:
        inspector = inspect(engine)
        assert isinstance(inspector, sa.Inspector)
        assert [column["name"] for column in inspector.get_columns("shop")] == ["id", "name"]


@proves("table.to_metadata", "sqlalchemy.Table.tometadata")
def a_table_is_copied() -> None:
    metadata = sa.MetaData()
    copy = SHOPS.to_metadata(metadata)
    assert copy is metadata.tables["shop"]
    assert copy is not SHOPS
    assert copy.c.keys() == SHOPS.c.keys()


@proves("sqlalchemy.MetaData", "sqlalchemy.ThreadLocalMetaData")
def one_metadata_serves_several_engines() -> None:
    for _number in range(2):
        with database() as engine, engine.connect() as connection:
            assert connection.scalar(select(SHOPS.c.name)) == "Ada"


# --- engines and connections ----------------------------------------------------------------


@proves(
    "with engine.begin() as connection: connection.execute(statement)",
    "sqlalchemy.engine.Engine.execute",
)
def a_statement_is_run_and_committed() -> None:
    with database() as engine:
        with engine.begin() as connection:
            connection.execute(SHOPS.update().values(name="Eve"))
        with engine.connect() as connection:
            assert connection.scalars(select(SHOPS.c.name)).all() == ["Eve", "Eve"]


@proves(
    "with engine.connect() as connection: connection.scalar(statement)",
    "sqlalchemy.engine.Engine.scalar",
)
def a_connection_gives_one_value() -> None:
    with database() as engine, engine.connect() as connection:
        assert connection.scalar(select(SHOPS.c.name).where(SHOPS.c.id == 2)) == "Bob"


@proves("with engine.begin() as connection:", "sqlalchemy.engine.Engine.transaction")
def an_error_rolls_back() -> None:
    with database() as engine:
        try:
            with engine.begin() as connection:
                connection.execute(SHOPS.delete())
                raise LookupError
        except LookupError:
            pass
        with engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(SHOPS)) == 2


@proves("with connection.begin():", "sqlalchemy.engine.Connection.transaction")
def a_connection_begins() -> None:
    with database() as engine, engine.connect() as connection:
        with connection.begin():
            connection.execute(SHOPS.update().values(name="Eve"))
        connection.rollback()
        assert connection.scalars(select(SHOPS.c.name)).all() == ["Eve", "Eve"]


def _names(connection: sa.Connection) -> list[str]:
    return list(connection.scalars(select(SHOPS.c.name)))


@proves(
    "with engine.connect() as connection: function(connection)",
    "sqlalchemy.engine.Engine.run_callable",
)
def a_function_gets_a_connection() -> None:
    with database() as engine:
        with engine.connect() as connection:
            assert _names(connection) == ["Ada", "Bob"]
        assert connection.closed


@proves("function(connection)", "sqlalchemy.engine.Connection.run_callable")
def a_function_is_called() -> None:
    with database() as engine, engine.connect() as connection:
        assert _names(connection) == ["Ada", "Bob"]


@proves(
    "engine.connect()",
    "sqlalchemy.engine.Connection.contextual_connect",
    "sqlalchemy.engine.Engine.contextual_connect",
)
def an_engine_connects() -> None:
    with database() as engine, engine.connect() as connection:
        assert isinstance(connection, sa.Connection)
        assert connection.scalar(select(1)) == 1


@proves("sqlalchemy.engine.Row", "sqlalchemy.engine.RowProxy")
def a_row_is_of_this_class() -> None:
    with database() as engine, engine.connect() as connection:
        row = connection.execute(SHOPS.select()).first()
    assert type(row) is sa.Row
    assert (row.name, row[1]) == ("Ada", "Ada")


@proves("row._mapping.keys()", "sqlalchemy.engine.Row.keys")
def a_row_has_keys() -> None:
    with database() as engine, engine.connect() as connection:
        row = connection.execute(SHOPS.select()).first()
    assert row is not None
    assert list(row._mapping.keys()) == ["id", "name"]


# --- models ---------------------------------------------------------------------------------


@proves("sqlalchemy.orm.DeclarativeBase", "sqlalchemy.ext.declarative.declarative_base")
def a_model_has_a_base() -> None:
    with opened() as session:
        assert session.scalars(select(Shop.name)).all() == ["Ada", "Bob"]


@proves("sqlalchemy.orm.as_declarative", "sqlalchemy.ext.declarative.as_declarative")
def a_class_becomes_a_base() -> None:
    @orm.as_declarative()
    class Model:
        id = sa.Column(sa.Integer, primary_key=True)

    class Cup(Model):
        __tablename__ = "cup"

    assert inspect(Cup).local_table.c.keys() == ["id"]


@proves("registry.map_declaratively", "sqlalchemy.ext.declarative.instrument_declarative")
def a_class_is_mapped_afterwards() -> None:
    class Cup:
        __tablename__ = "cup"
        id = sa.Column(sa.Integer, primary_key=True)

    orm.registry().map_declaratively(Cup)
    assert inspect(Cup).local_table.name == "cup"


@proves("sqlalchemy.orm.has_inherited_table", "sqlalchemy.ext.declarative.has_inherited_table")
def a_child_of_a_table_is_known() -> None:
    class Model(orm.DeclarativeBase):
        pass

    class Pot(Model):
        __tablename__ = "pot"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)

    class Samovar(Pot):
        pass

    assert orm.has_inherited_table(Samovar)
    assert not orm.has_inherited_table(Pot)


@proves("sqlalchemy.orm.synonym_for", "sqlalchemy.ext.declarative.synonym_for")
def a_column_has_a_second_name() -> None:
    class Model(orm.DeclarativeBase):
        pass

    class Pot(Model):
        __tablename__ = "pot"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)

        @orm.synonym_for("id")
        @property
        def number(self) -> int:
            return self.id

    assert Pot(id=3).number == 3
    assert str(select(Pot.id).where(Pot.number == 3)).endswith("WHERE pot.id = :id_1")


@proves(
    "sqlalchemy.ext.hybrid.hybrid_property",
    "sqlalchemy.ext.declarative.comparable_using",
    "sqlalchemy.orm.comparable_property",
)
def a_property_compares_in_its_own_way() -> None:
    class Model(orm.DeclarativeBase):
        pass

    class Lower(hybrid.Comparator[str]):
        def __eq__(self, other: object) -> Any:
            return func.lower(self.__clause_element__()) == func.lower(other)

    class Pot(Model):
        __tablename__ = "pot"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
        name: orm.Mapped[str]

        @hybrid.hybrid_property
        def title(self) -> str:
            return self.name.title()

        @title.inplace.comparator
        @classmethod
        def _title(cls) -> Lower:
            return Lower(cls.name)

    assert Pot(name="ada").title == "Ada"
    assert str(Pot.title == "ADA") == "lower(pot.name) = lower(:lower_1)"


@proves("sqlalchemy.orm.configure_mappers", "sqlalchemy.orm.compile_mappers")
def mappers_are_configured() -> None:
    registry = orm.registry()

    @registry.mapped
    class Cup:
        __tablename__ = "cup"
        id = sa.Column(sa.Integer, primary_key=True)

    assert not inspect(Cup).configured
    orm.configure_mappers()
    assert inspect(Cup).configured


@proves("sqlalchemy.orm.relationship", "sqlalchemy.orm.relation")
def a_relationship_leads_to_objects() -> None:
    with opened() as session:
        shop = session.scalars(select(Shop)).first()
        assert shop is not None
        assert [tea.name for shelf in shop.shelves for tea in shelf.teas] == ["oolong"]


@proves(
    "sqlalchemy.event.listens_for",
    *(f"sqlalchemy.orm.{kind}Extension" for kind in ("Attribute", "Mapper", "Session")),
)
def events_are_listened_for() -> None:
    class Model(orm.DeclarativeBase):
        pass

    class Pot(Model):
        __tablename__ = "pot"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)

    seen: list[str] = []
    engine = sa.create_engine("sqlite://")
    Model.metadata.create_all(engine)
    with orm.Session(engine) as session:
        event.listens_for(Pot.id, "set")(lambda *_: seen.append("attribute"))
        event.listens_for(Pot, "before_insert")(lambda *_: seen.append("mapper"))
        event.listens_for(session, "before_commit")(lambda _: seen.append("session"))
        session.add(Pot(id=1))
        session.commit()
    engine.dispose()
    assert seen == ["attribute", "session", "mapper"]


# --- sessions -------------------------------------------------------------------------------


@proves(
    "with session.begin():",
    "sqlalchemy.orm.Session.autocommit",
    "sqlalchemy.orm.sessionmaker(autocommit)",
)
def a_block_commits() -> None:
    with database() as engine:
        with orm.Session(engine) as session, session.begin():
            session.add(Shop(name="Eve"))
        with orm.Session(engine) as session:
            assert session.scalar(select(func.count()).select_from(Shop)) == 3


@proves("session.get_transaction()", "sqlalchemy.orm.Session.transaction")
def a_session_tells_its_transaction() -> None:
    with opened() as session:
        assert session.get_transaction() is None
        with session.begin() as transaction:
            assert session.get_transaction() is transaction


@proves(
    "sqlalchemy.orm.close_all_sessions",
    *(f"sqlalchemy.orm.{name}.close_all" for name in ("Session", "scoped_session", "sessionmaker")),
)
def all_sessions_are_closed() -> None:
    with opened() as session:
        shop = session.scalars(select(Shop)).first()
        assert shop in session
        orm.close_all_sessions()
        assert shop not in session


# --- queries --------------------------------------------------------------------------------


@proves("session.get(Model, key)", "sqlalchemy.orm.Query.get")
def a_session_gets_by_key() -> None:
    with opened() as session:
        shop = session.get(Shop, 2)
        assert shop is not None
        assert shop.name == "Bob"
        assert session.get(Shop, 3) is None


@proves("session.scalar(select(Model.column))", "sqlalchemy.orm.Query.value")
def a_session_gives_one_value() -> None:
    with opened() as session:
        assert session.scalar(select(Shop.name)) == "Ada"


@proves("Query.with_entities", "sqlalchemy.orm.Query.values")
def a_query_is_given_other_columns() -> None:
    with opened() as session:
        assert session.query(Shop).with_entities(Shop.id, Shop.name).all() == [
            (1, "Ada"),
            (2, "Bob"),
        ]


@proves("Query.add_columns", "sqlalchemy.orm.Query.add_column")
def a_query_is_given_more_columns() -> None:
    with opened() as session:
        assert session.query(Shop.id).add_columns(Shop.name).first() == (1, "Ada")


@proves("Query.scalar_subquery", "sqlalchemy.orm.Query.as_scalar")
def a_query_is_part_of_another() -> None:
    with opened() as session:
        newest = session.query(func.max(Shop.id)).scalar_subquery()
        assert session.scalar(select(Shop.name).where(Shop.id == newest)) == "Bob"


@proves("Query.set_label_style", "sqlalchemy.orm.Query.with_labels")
def columns_are_labelled_with_their_table() -> None:
    with opened() as session:
        query = session.query(Shop).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        assert query.statement.selected_columns.keys() == ["shop_id", "shop_name"]


@proves("Query.with_for_update", "sqlalchemy.orm.Query.with_lockmode")
def rows_are_locked() -> None:
    with opened() as session:
        query = session.query(Shop).with_for_update()
        sql = str(query.statement.compile(dialect=postgresql.dialect()))
    assert sql.endswith("FOR UPDATE")


@proves("sqlalchemy.orm.with_parent", "sqlalchemy.orm.Query.with_parent")
def the_children_of_an_object_are_selected() -> None:
    with opened() as session:
        shop = session.get_one(Shop, 1)
        shelves = session.scalars(select(Shelf).where(orm.with_parent(shop, Shop.shelves))).all()
        assert shelves == shop.shelves != []


@proves("sqlalchemy.orm.with_polymorphic", "sqlalchemy.orm.Query.with_polymorphic")
def children_are_loaded_with_their_parents() -> None:
    class Model(orm.DeclarativeBase):
        pass

    class Pot(Model):
        __tablename__ = "pot"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
        kind: orm.Mapped[str]
        __mapper_args__: ClassVar = {"polymorphic_on": "kind", "polymorphic_identity": "pot"}

    class Samovar(Pot):
        __tablename__ = "samovar"
        id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("pot.id"), primary_key=True)
        charcoal: orm.Mapped[int]
        __mapper_args__: ClassVar = {"polymorphic_identity": "samovar"}

    statement = str(select(orm.with_polymorphic(Pot, [Samovar])))
    assert "charcoal" in statement
    assert "charcoal" not in str(select(Pot))


@proves(
    "aliased(Model, statement.subquery())",
    "sqlalchemy.orm.Query.from_self",
    "sqlalchemy.orm.Query.select_entity_from",
)
def a_model_is_read_from_a_subquery() -> None:
    with opened() as session:
        first = orm.aliased(Shop, select(Shop).order_by(Shop.id).limit(1).subquery())
        assert [shop.name for shop in session.scalars(select(first))] == ["Ada"]
        assert session.scalars(select(first).where(first.name == "Bob")).all() == []


@proves("select(...).subquery()", "sqlalchemy.subquery")
def a_statement_becomes_a_table() -> None:
    with database() as engine, engine.connect() as connection:
        some = select(SHOPS).where(SHOPS.c.id > 1).subquery("some")
        assert connection.execute(select(some.c.name)).all() == [("Bob",)]


def _loaded(option: Any) -> list[str]:
    """What is loaded with a shop, of its shelves and their teas."""
    with opened() as session:
        shop = session.scalars(select(Shop).options(option)).unique().first()
        assert shop is not None
        loaded = [] if "shelves" in inspect(shop).unloaded else ["shelves"]
        for shelf in shop.shelves if loaded else ():
            loaded += [] if "teas" in inspect(shelf).unloaded else ["teas"]
    return loaded


@proves("sqlalchemy.orm.joinedload", "sqlalchemy.orm.eagerload")
def a_join_loads_at_once() -> None:
    assert _loaded(orm.lazyload(Shop.shelves)) == []
    assert _loaded(orm.joinedload(Shop.shelves)) == ["shelves"]


@proves(
    "joinedload(A.b).joinedload(B.c)",
    "sqlalchemy.orm.eagerload_all",
    "sqlalchemy.orm.joinedload_all",
)
def joins_load_a_chain() -> None:
    option = orm.joinedload(Shop.shelves).joinedload(Shelf.teas)
    assert _loaded(option) == ["shelves", "teas"]


@proves("subqueryload(A.b).subqueryload(B.c)", "sqlalchemy.orm.subqueryload_all")
def subqueries_load_a_chain() -> None:
    option = orm.subqueryload(Shop.shelves).subqueryload(Shelf.teas)
    assert _loaded(option) == ["shelves", "teas"]


@proves("lazyload(A.b).lazyload(B.c)", "sqlalchemy.orm.lazyload_all")
def nothing_of_a_chain_is_loaded() -> None:
    assert _loaded(orm.lazyload(Shop.shelves).lazyload(Shelf.teas)) == []
