"""Commit, and detect whether another request has changed the row."""

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from .models import db

# MariaDB may detect the conflict first; other numbers are failures
RECORD_HAS_CHANGED = 1020


def commit() -> bool:
    """Commit, or roll back and return False if another request was faster."""
    try:
        db.session.commit()
        return True
    except StaleDataError:
        # the UPDATE found no row of the version that was read
        pass
    except OperationalError as error:
        if RECORD_HAS_CHANGED not in getattr(error.orig, "args", ()):
            raise
    db.session.rollback()
    return False
