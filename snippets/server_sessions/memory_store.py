"""A session store of one's own: sessions in a dictionary, gone when the process ends."""

import time
from collections.abc import Iterator
from threading import Lock

from flask import Flask, session

from snippets.sessions import Record, ServerSideSessionInterface


class MemoryStore:
    errors = ()

    def __init__(self) -> None:
        self.records: dict[str, tuple[bytes, float]] = {}
        # Looking and writing must be one step, or a session could end in between.
        self.lock = Lock()

    def read(self, key: str) -> Record | None:
        payload, expires = self.records.get(key, (b"", 0.0))
        return Record(payload) if expires > time.time() else None

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        new = (payload, time.time() + lifetime)
        return self.records.setdefault(key, new) is new

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        with self.lock:
            if self.read(key) is None:
                return False
            self.records[key] = (payload, time.time() + lifetime)
            return True

    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        with self.lock:
            current = self.read(key)
            if current is not None:
                self.records[key] = (current.payload, time.time() + lifetime)
            return current is not None

    def delete(self, key: str) -> bool:
        with self.lock:
            return self.records.pop(key, None) is not None

    def purge(self) -> Iterator[int]:
        expired = [key for key in list(self.records) if self.read(key) is None]
        for key in expired:
            self.delete(key)
        yield len(expired)


app = Flask(__name__)
app.session_interface = ServerSideSessionInterface(MemoryStore())


@app.post("/visits")
def count_visits() -> dict[str, int]:
    session["visits"] = session.get("visits", 0) + 1
    return {"visits": session["visits"]}
