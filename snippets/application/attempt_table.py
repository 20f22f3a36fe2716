"""Keep the counters of `limits` in a table, for use without Redis."""

from time import time
from typing import Any

import sqlalchemy as sa
from limits.storage import Storage
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from .models import Attempt, db


class AttemptTable(Storage):
    STORAGE_SCHEME = None
    base_exceptions = SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time()
        over, own = Attempt.until <= now, Attempt.key == key
        count = sa.case((over, amount), else_=Attempt.count + amount)
        until = sa.case((over, now + expiry), else_=Attempt.until)
        # in this order: MariaDB would compute the first from what the second has set
        values = ((Attempt.count, count), (Attempt.until, until))
        with db.engine.begin() as connection:
            if connection.execute(sa.update(Attempt).where(own).ordered_values(*values)).rowcount:
                return connection.execute(sa.select(Attempt.count).where(own)).scalar_one()
        # separate transactions: in one, MariaDB would lock the gap where the row is missing
        self._delete(over)
        try:
            with db.engine.begin() as connection:
                new = {"key": key, "count": amount, "until": now + expiry}
                connection.execute(sa.insert(Attempt).values(new))
        except IntegrityError:
            # another request has inserted the row in the meantime
            return self.incr(key, expiry, amount)
        return amount

    def get(self, key: str) -> int:
        return self._live(Attempt.count, key) or 0

    def get_expiry(self, key: str) -> float:
        return self._live(Attempt.until, key) or time()

    def check(self) -> bool:
        return self.get("") == 0

    def reset(self) -> int:
        return self._delete(sa.true())

    def clear(self, key: str) -> None:
        self._delete(Attempt.key == key)

    def _live(self, column: Any, key: str) -> Any:
        live = sa.select(column).where(Attempt.key == key, Attempt.until > time())
        with db.engine.connect() as connection:
            return connection.scalar(live)

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with db.engine.begin() as connection:
            return connection.execute(sa.delete(Attempt).where(which)).rowcount
