"""Sessions in MongoDB."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Unpack

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from .base import Record, ServerSideSessionInterface, SessionOptions, SessionStore


class MongoDBStore(SessionStore):
    """Keep each session in a document: `_id` is the key, `payload` the data, `expires` a date.

    A TTL index makes MongoDB remove what has expired, about once a minute. Until then the date in
    every query hides it. Nothing is ever upserted, so a document that was removed stays removed.
    """

    errors = (PyMongoError, BSONError)

    def __init__(self, client: "MongoClient[Any]", db: str, collection: str) -> None:
        self.client = client
        self.db = db
        self.name = collection

    @cached_property
    def collection(self) -> "Collection[Any]":
        """The collection, with its TTL index, which the first use makes if need be."""
        collection = self.client[self.db][self.name]
        collection.create_index("expires", expireAfterSeconds=0)
        return collection

    def read(self, key: str) -> Record | None:
        document = self.collection.find_one(_live(key))
        return Record(document.get("payload", b"")) if document else None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
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
        client: A :class:`pymongo.mongo_client.MongoClient`. How long a request waits for a server
            that is down is set on the client: ``timeoutMS``. Its write concern decides what
            survives the loss of a server.
        db: The database.
        collection: The collection.
        options: See `ServerSideSessionInterface`.

    The TTL index is made when the first session is read or written. A session of more than 16 MB
    is refused: `SessionBackendError`.
    """

    def __init__(
        self,
        client: "MongoClient[Any]",
        db: str = "flask",
        collection: str = "sessions",
        **options: Unpack[SessionOptions],
    ) -> None:
        super().__init__(MongoDBStore(client, db, collection), **options)
