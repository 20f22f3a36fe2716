"""Old lines of the page on patterns; each function returns what came of it."""

from sqlalchemy import MetaData, Table, create_engine, text


def autoload():
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE articles (id INTEGER, title TEXT)"))
        table = Table("articles", MetaData(), autoload=True, autoload_with=connection)
        return ", ".join(column.name for column in table.columns)
