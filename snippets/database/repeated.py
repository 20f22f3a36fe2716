"""Run a transaction again if the database has ended it because of another one."""

from collections.abc import Callable

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

# PostgreSQL: deadlock, conflict of serializable transactions.
# MariaDB: deadlock, row that has changed since it was read.
CONFLICTS = {"40P01", "40001", 1213, 1020}


def is_conflict(error: DBAPIError | StaleDataError) -> bool:
    """Say whether the same transaction can succeed when it runs again."""
    if isinstance(error, StaleDataError):
        return True
    codes = {getattr(error.orig, "sqlstate", None), *getattr(error.orig, "args", ())[:1]}
    return bool(codes & CONFLICTS)


def repeated(db: SQLAlchemy, transaction: Callable[[], None], times: int = 3) -> None:
    """Run a transaction and commit it; after a conflict, run all of it again."""
    while True:
        times -= 1
        try:
            transaction()
            db.session.commit()
        except (DBAPIError, StaleDataError) as error:
            db.session.rollback()
            if not times or not is_conflict(error):
                raise
        else:
            return
