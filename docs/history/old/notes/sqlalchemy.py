"""What the notebook says of SQLAlchemy, tried line by line; each function returns what happened."""

import inspect

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select, update
from sqlalchemy.engine.url import make_url
from sqlalchemy.schema import CreateTable


def mysqldb():
    return create_engine("mysql+mysqldb://user:password@host:3306/dbname").driver


def mysql_python():
    import MySQLdb

    return MySQLdb


def pymysql():
    url = make_url("mysql+pymysql://user:password@host/dbname?charset=utf8mb4")
    return "%s %s" % (create_engine(url).driver, url.query["charset"])


def pymysql_port():
    return make_url("mysql+pymysql://user:password@host:3307/dbname").port


def password():
    return make_url("mysql+pymysql://user:p@ss/word@host/dbname").host


def key():
    return repr(Column("title", String).key)


def key_given():
    return str(CreateTable(Table("t", MetaData(), Column("title", String, key="name")))).split("(")[1].split()[0]


def primary_key():
    return Column("id", Integer).primary_key


def nullable():
    return "%s, with primary_key %s" % (Column("a", Integer).nullable, Column("a", Integer, primary_key=True).nullable)


def default():
    return repr(Column("a", Integer).default)


def default_in_database():
    text = str(CreateTable(Table("t", MetaData(), Column("a", Integer, default=1))))
    return "DEFAULT in the table" if "DEFAULT" in text else "no DEFAULT in the table"


def index():
    table = Table("t", MetaData(), Column("a", Integer))
    return "%r, %d indexes" % (table.c.a.index, len(table.indexes))


def unique():
    return repr(Column("a", Integer).unique)


def autoincrement():
    return repr(Column("id", Integer).autoincrement)


def quote():
    return repr(Column("a", Integer).name.quote) if hasattr(Column("a", Integer).name, "quote") else "None"


def quote_reserved():
    column = CreateTable(Table("t", MetaData(), Column("order", Integer), Column("plain", Integer)))
    return " ".join(word for word in str(column).replace(",", " ").split() if "order" in word or "plain" in word)


def onupdate():
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", Integer),
                  Column("b", Integer, onupdate=7))
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(table).values(a=1))
        connection.execute(update(table).values(a=2))
        first = connection.execute(select(table.c.b)).scalar()
        connection.execute(update(table).values(b=None))
        connection.exec_driver_sql("update t set a = 3")
        second = connection.execute(select(table.c.b)).scalar()
    return "through SQLAlchemy %s, by SQL %s" % (first, second)


def positional():
    found = [name for name, p in inspect.signature(Column.__init__).parameters.items() if p.kind is p.VAR_POSITIONAL]
    return ", ".join(found)


def misspelled():
    import sqlalchmey

    return sqlalchmey


def misspelled_sequence():
    from sqlalchemy import Sequenceobjects

    return Sequenceobjects


def misspelled_extension():
    import flask_sqlalchmey

    return flask_sqlalchmey
