"""Old lines of the page on fields; each function returns what came of it."""

def required():
    from wtforms.validators import Required

    return Required.__name__


def query_select():
    from wtforms.ext.sqlalchemy.fields import QuerySelectField

    return QuerySelectField.__name__
