"""Sessions in MongoDB."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore
from .requirements import require

require("pymongo")

_log = logging.getLogger(__name__)


class MongoDBStore(SessionStore):
    """Keep each session in a document: `_id` is the key, `payload` the data, `expires` a date.

    A TTL index makes MongoDB remove what has expired, about once a minute. Until then the date in
    every query hides it. Nothing is ever upserted, so a document that was removed stays removed.

    Attributes:
        collection: The collection.
    """

    errors = (PyMongoError, BSONError)

    def __init__(
        self, client: "MongoClient[Any]", db: str, collection: str, create_index: bool = True
    ) -> None:
        if not isinstance(client, MongoClient):
            raise TypeError("client must be a MongoClient; with asyncio's, nothing is saved")
        self.collection: Collection[Any] = client[db][collection]
        self._create_index = create_index

    def read(self, key: str) -> Record | None:
        document = self.collection.find_one(_live(key))
        return Record(document.get("payload", b"")) if document else None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        if self._create_index:
            self._make_index()
        document = {"_id": key, "payload": payload, "expires": _after(lifetime)}
        try:
            self.collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return self._set(key, {"payload": payload, "expires": _after(lifetime)})

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return self._set(key, {"expires": _after(lifetime)})

    def delete(self, key: str) -> bool:
        return self.collection.delete_one({"_id": key}).deleted_count == 1

    def purge(self) -> Iterator[int]:
        yield self.collection.delete_many({"expires": {"$lte": _now()}}).deleted_count

    def _make_index(self) -> None:
        """Make the TTL index. Sessions work without, so if it cannot be, that is no error."""
        try:
            self.collection.create_index("expires", expireAfterSeconds=0)
        except OperationFailure as error:
            _log.warning(
                "No TTL index: run `flask sessions purge` instead. MongoDB says: %s", error
            )
        self._create_index = False

    def _set(self, key: str, fields: dict[str, Any]) -> bool:
        return self.collection.update_one(_live(key), {"$set": fields}).matched_count == 1


def _now() -> datetime:
    return datetime.now(UTC)


def _after(lifetime: float) -> datetime:
    return _now() + timedelta(seconds=lifetime)


def _live(key: str) -> dict[str, Any]:
    return {"_id": key, "expires": {"$gt": _now()}}


class MongoDBSessionInterface(ServerSideSessionInterface):
    """Keep sessions in MongoDB.

    ``app.session_interface = MongoDBSessionInterface(MongoClient(), db="shop")``

    Args:
        client: A :class:`pymongo.mongo_client.MongoClient`. Set on the client how long a request
            waits for a server that is down: ``timeoutMS``. Its write concern decides which writes
            survive the loss of a server.
        db: The name of the database.
        collection: The name of the collection.
        create_index: Whether each process creates the TTL index when it stores its first session.
            If the index cannot be created, a warning is logged: sessions still expire, and
            ``flask sessions purge`` deletes them.
        options: See `ServerSideSessionInterface`.

    Raises:
        TypeError: `client` is not a `MongoClient`: an asyncio client, for example.

    A session of more than 16 MB is refused with `SessionBackendError`.
    """

    def __init__(
        self,
        client: "MongoClient[Any]",
        db: str = "flask",
        collection: str = "sessions",
        *,
        create_index: bool = True,
        **options: Unpack[SessionOptions],
    ) -> None:
        super().__init__(MongoDBStore(client, db, collection, create_index), **options)
