"""Every check of the contract fails on what is broken in the way that it is there to find.

A check that nothing can fail proves nothing. For each there is a store, a session or an interface with one thing wrong,
most of them seen in the wild. The check must fail on it, and passes on the sound memory store in `test_contract`.
"""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import flask
import pytest
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from snippets.server_sessions.memory_store import MemoryStore
from snippets.sessions import (
    Record,
    ServerSideSession,
    ServerSideSessionInterface,
    SessionBackendError,
    SessionEndedError,
)
from snippets.sessions.base import Loaded
from snippets.sessions.serializer import SessionSerializer
from tests.reference.sessions import contract
from tests.reference.sessions.contract import CONTRACT, STORE_CONTRACT, Check, Subject, name_of

# Stores.


class Truncates(MemoryStore):
    """As a BLOB column does in MySQL."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key, payload[:65_535], lifetime)


class IgnoresTheHuge(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return len(payload) > 1000 or super().create(key, payload, lifetime)

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return len(payload) > 1000 or super().update(key, payload, lifetime)


class IgnoresCase(MemoryStore):
    """As MySQL does."""

    def read(self, key: str) -> Record | None:
        return super().read(key.lower())

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key.lower(), payload, lifetime)


class IgnoresPrefixes(MemoryStore):
    def read(self, key: str) -> Record | None:
        return super().read(key.rpartition(":")[2])

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key.rpartition(":")[2], payload, lifetime)

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().update(key.rpartition(":")[2], payload, lifetime)

    def delete(self, key: str) -> bool:
        return super().delete(key.rpartition(":")[2])


class CutsKeys(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key[:100], payload, lifetime)


class Overwrites(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        self.records[key] = (payload, time.time() + lifetime)
        return True


class LooksThenCreates(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        if self.read(key) is not None:
            return False
        time.sleep(0.005)
        self.records[key] = (payload, time.time() + lifetime)
        return True


class Upserts(MemoryStore):
    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        self.records[key] = (payload, time.time() + lifetime)
        return True


class LooksThenUpdates(MemoryStore):
    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        if self.read(key) is None:
            return False
        time.sleep(0.005)
        self.records[key] = (payload, time.time() + lifetime)
        return True


class WritesInHalves(MemoryStore):
    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        super().update(key, payload[: len(payload) // 2], lifetime)
        time.sleep(0.002)
        return super().update(key, payload, lifetime)


class FirstWriterWins(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.updated: set[str] = set()

    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        if key in self.updated:
            return True
        self.updated.add(key)
        return super().update(key, payload, lifetime)


class KeepsTheOldExpiry(MemoryStore):
    def update(self, key: str, payload: bytes, lifetime: float) -> bool:
        expires = self.records[key][1]
        self.records[key] = (payload, expires)
        return True


class TouchesNothing(MemoryStore):
    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return True


class TouchesWithOldData(MemoryStore):
    def touch(self, key: str, record: Record, lifetime: float) -> bool:
        return self.update(key, record.payload, lifetime)


class TouchesWhileReading(MemoryStore):
    def read(self, key: str) -> Record | None:
        record = super().read(key)
        if record:
            self.records[key] = (record.payload, time.time() + 60)
        return record


class DeletesNothing(MemoryStore):
    def delete(self, key: str) -> bool:
        return True


class DeletesAll(MemoryStore):
    def delete(self, key: str) -> bool:
        found = key in self.records
        self.records.clear()
        return found


class AlwaysDeletes(MemoryStore):
    def delete(self, key: str) -> bool:
        super().delete(key)
        return True


class ExpiresLate(MemoryStore):
    """As what is removed in rounds does, if nobody looks at the time."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key, payload, lifetime + 1)


class CountsWholeSeconds(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key, payload, int(lifetime))


class NeverExpires(MemoryStore):
    def read(self, key: str) -> Record | None:
        return Record(self.records[key][0]) if key in self.records else None


class TakesLongLifetimesForDates(MemoryStore):
    """As Memcached does."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        if lifetime > 30 * 24 * 3600:
            lifetime -= time.time()
        return super().create(key, payload, lifetime)


class UsesLocalTime(MemoryStore):
    """As a DATETIME column does that is filled from `datetime.now()`."""

    def __init__(self) -> None:
        super().__init__()
        self.dates: dict[str, datetime] = {}

    def read(self, key: str) -> Record | None:
        if self.dates.get(key, datetime.min) <= datetime.now():
            return None
        return Record(self.records[key][0])

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        self.dates[key] = datetime.now() + timedelta(seconds=lifetime)
        return super().create(key, payload, lifetime)


class Evicts(MemoryStore):
    """As a cache with a threshold does."""

    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        if len(self.records) > 500:
            self.records.pop(next(iter(self.records)))
        return super().create(key, payload, lifetime)


class PurgesNothing(MemoryStore):
    def purge(self) -> Iterator[int]:
        yield 0


class PurgesAll(MemoryStore):
    def purge(self) -> Iterator[int]:
        yield len(self.records)
        self.records.clear()


class StripsBytes(MemoryStore):
    def create(self, key: str, payload: bytes, lifetime: float) -> bool:
        return super().create(key, payload.replace(b"\r\n", b"\n"), lifetime)


class MixesThreads(MemoryStore):
    wanted = ""

    def read(self, key: str) -> Record | None:
        self.wanted = key
        time.sleep(0.001)
        return super().read(self.wanted)


# Interfaces and sessions.


class PlainJson(SessionSerializer):
    def encode(self, data: dict[str, Any]) -> bytes:
        return b"v1:" + json.dumps(data, default=str).encode()


class Unpickles(SessionSerializer):
    def decode(self, payload: bytes) -> dict[str, Any]:
        try:
            return super().decode(payload)
        except ValueError:
            return pickle.loads(payload)


class ReadsAnything(SessionSerializer):
    def decode(self, payload: bytes) -> dict[str, Any]:
        try:
            return super().decode(payload)
        except Exception:
            return {}


class WithPlainJson(ServerSideSessionInterface):
    serializer = PlainJson()


class WithPickle(ServerSideSessionInterface):
    serializer = Unpickles()


class HidesCorruption(ServerSideSessionInterface):
    serializer = ReadsAnything()


class CountsIds(ServerSideSessionInterface):
    numbers = count(1)

    def _new_sid(self) -> str:
        return f"{next(self.numbers):043}"


class HashesNothing(ServerSideSessionInterface):
    def key(self, app: Flask, sid: str) -> str:
        return f"session:{sid}"


class LivesAsConfigured(ServerSideSessionInterface):
    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        return SessionInterface.get_expiration_time(self, app, session)


class IgnoresTheCaseOfIds(ServerSideSessionInterface):
    def key(self, app: Flask, sid: str) -> str:
        return super().key(app, sid.lower())


class AdoptsIds(ServerSideSessionInterface):
    def load(self, app: Flask, cookie: str | None) -> Loaded:
        loaded = super().load(app, cookie)
        loaded.sid = cookie or loaded.sid
        return loaded


class ValidatesNothing(ServerSideSessionInterface):
    def _unsign(self, app: Flask, cookie: str | None) -> str | None:
        return cookie


class VerifiesNothing(ServerSideSessionInterface):
    def _unsign(self, app: Flask, cookie: str | None) -> str | None:
        return cookie and cookie.partition(".")[0]


class ForgetsFallbackKeys(ServerSideSessionInterface):
    def _signer(self, app: Flask) -> Any:
        app.config["SECRET_KEY_FALLBACKS"] = None
        return super()._signer(app)


class SignsWithNoKey(ServerSideSessionInterface):
    def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
        app.secret_key = app.secret_key or "none"
        return super().open_session(app, request)


class NeverRegenerates(ServerSideSessionInterface):
    def regenerate(self, session: SessionMixin) -> None:
        pass


class RegeneratesWhatIsNotEmpty(ServerSideSessionInterface):
    def regenerate(self, session: SessionMixin) -> None:
        if session:
            super().regenerate(session)


class RegeneratesUnmodified(ServerSideSessionInterface):
    def regenerate(self, session: SessionMixin) -> None:
        super().regenerate(session)
        session.modified = False


class DestroysByClearing(ServerSideSessionInterface):
    def destroy(self, session: SessionMixin) -> None:
        session.clear()


class InheritsByValue(ServerSideSession):
    def disinherit(self, inherited: dict[str, Any]) -> None:
        self._written.clear()
        super().disinherit(inherited)


class DropsWhatEquals(ServerSideSessionInterface):
    session_class = InheritsByValue


class ComparesWithNone(ServerSideSession):
    def disinherit(self, inherited: dict[str, Any]) -> None:
        for key, value in inherited.items():
            if self.get(key) == value:
                del self[key]


class FailsOnNone(ServerSideSessionInterface):
    session_class = ComparesWithNone


class TakesNoNotes(ServerSideSessionInterface):
    def _note(self, app: Flask, sid: str) -> bytes | None:
        return None


class EndsFirst(ServerSideSessionInterface):
    def _save(self, app: Flask, session: ServerSideSession) -> bool | None:
        if session.retired:
            self.store.delete(self.key(app, session.retired[0]))
        return super()._save(app, session)


class DropsLateChanges(ServerSideSessionInterface):
    def _update(self, loaded: Loaded, lifetime: float) -> None:
        with suppress(SessionEndedError):
            super()._update(loaded, lifetime)


class AlwaysRaises(ServerSideSession):
    def _data(self) -> dict[str, Any]:
        loaded = self.load()
        if loaded.failure:
            raise loaded.failure
        return super()._data()


class BreaksErrorPages(ServerSideSessionInterface):
    session_class = AlwaysRaises


class ForgetsPartitioned(ServerSideSessionInterface):
    def _cookie_attributes(self, app: Flask) -> dict[str, Any]:
        return super()._cookie_attributes(app) | {"partitioned": False}


class DeletesAPlainCookie(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if "Max-Age=0" in response.headers.get("Set-Cookie", ""):
            del response.headers["Set-Cookie"]
            response.delete_cookie(self.get_cookie_name(app))


class NamesItsCookieItself(ServerSideSessionInterface):
    def _cookie_attributes(self, app: Flask) -> dict[str, Any]:
        return super()._cookie_attributes(app) | {"key": app.config["SESSION_COOKIE_NAME"]}


class NeverSaysWhen(ServerSideSessionInterface):
    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        return None


class SendsTheCookieOnce(ServerSideSessionInterface):
    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        assert isinstance(session, ServerSideSession)
        return session.cookie != session.sid


class SaysNoVary(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if "Set-Cookie" not in response.headers:
            response.headers.pop("Vary", None)


class ReadsAtOnce(ServerSideSessionInterface):
    def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
        session = super().open_session(app, request)
        assert session is not None
        session.load()
        return session


class ReadsTwice(ServerSideSessionInterface):
    def load(self, app: Flask, cookie: str | None) -> Loaded:
        super().load(app, cookie)
        return super().load(app, cookie)


class ReadsBeforeWriting(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSideSession)
        self.load(app, session.cookie)
        super().save_session(app, session, response)


class NeverEmpty(ServerSideSession):
    empty = False  # type: ignore[assignment]

    def __contains__(self, key: object) -> bool:
        self.modified = True
        return super().__contains__(key)


class CreatesByReading(ServerSideSessionInterface):
    session_class = NeverEmpty


class NeedsARequest(ServerSideSession):
    def load(self) -> Loaded:
        flask.request.path  # noqa: B018
        return super().load()


class WorksInRequestsOnly(ServerSideSessionInterface):
    session_class = NeedsARequest


class ModifiedByReading(ServerSideSession):
    def __getitem__(self, key: str) -> Any:
        self.modified = True
        return super().__getitem__(key)


class WritesWhatWasRead(ServerSideSessionInterface):
    session_class = ModifiedByReading


class HidesOutages(ServerSideSessionInterface):
    def load(self, app: Flask, cookie: str | None) -> Loaded:
        loaded = super().load(app, cookie)
        loaded.failure = None
        return loaded


class Insists(ServerSideSessionInterface):
    def _save(self, app: Flask, session: ServerSideSession) -> bool | None:
        try:
            return super()._save(app, session)
        except SessionBackendError:
            return super()._save(app, session)


class LosesWrites(ServerSideSessionInterface):
    def _save(self, app: Flask, session: ServerSideSession) -> bool | None:
        try:
            return super()._save(app, session)
        except Exception:
            return True


class SetsTheCookieFirst(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSideSession)
        if session.modified:
            response.set_cookie(**self._cookie_attributes(app), value=session.sid)
        super().save_session(app, session, response)


class DropsTheCookieInAnOutage(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        assert isinstance(session, ServerSideSession)
        if session.load().failure:
            response.delete_cookie(**self._cookie_attributes(app))


class SavesWhatWasNotOpened(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        response.set_cookie(**self._cookie_attributes(app), value=self._new_sid())


class CommitsForTheView(ServerSideSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        app.extensions["sqlalchemy"].session.commit()


# The table.


def store(broken: type[MemoryStore], **subject: Any) -> Callable[[], Subject]:
    """Return what makes a subject of a store."""

    def make() -> Subject:
        kept = broken()
        return Subject(lambda **options: ServerSideSessionInterface(kept, **options), **subject)

    return make


def interface(broken: type[ServerSideSessionInterface]) -> Callable[[], Subject]:
    """Return what makes a subject of an interface."""

    def make() -> Subject:
        kept = MemoryStore()
        return Subject(lambda **options: broken(kept, **options))

    return make


def private_stores() -> Subject:
    """Return a subject whose applications share nothing."""
    return Subject(lambda **options: ServerSideSessionInterface(MemoryStore(), **options))


BROKEN: dict[Check, Callable[[], Subject]] = {
    contract.keeps_every_type: interface(WithPlainJson),
    contract.keeps_flashed_messages: interface(WithPlainJson),
    contract.keeps_100_kilobytes: store(Truncates),
    contract.refuses_what_is_too_large: store(IgnoresTheHuge, too_large=2000),
    contract.refuses_what_cannot_be_stored: interface(WithPlainJson),
    contract.ignores_a_corrupt_payload: interface(HidesCorruption),
    contract.never_unpickles: interface(WithPickle),
    contract.ids_are_long_and_random: interface(CountsIds),
    contract.ids_stay_out_of_the_store: interface(HashesNothing),
    contract.never_adopts_an_id: interface(AdoptsIds),
    contract.bears_hostile_cookies: interface(ValidatesNothing),
    contract.ids_differ_by_case: interface(IgnoresTheCaseOfIds),
    contract.prefixes_keep_applications_apart: store(IgnoresPrefixes),
    contract.applications_of_one_factory_share: private_stores,
    contract.regenerating_changes_the_id: interface(NeverRegenerates),
    contract.regenerating_works_after_clear: interface(RegeneratesWhatIsNotEmpty),
    contract.regenerating_alone_is_enough: interface(RegeneratesUnmodified),
    contract.destroying_ends_the_session: interface(DestroysByClearing),
    contract.cookie_follows_the_configuration: interface(ForgetsPartitioned),
    contract.cookie_is_deleted_as_it_was_set: interface(DeletesAPlainCookie),
    contract.cookie_name_can_be_overridden: interface(NamesItsCookieItself),
    contract.permanent_cookies_expire: interface(NeverSaysWhen),
    contract.cookie_is_sent_when_it_changes: interface(SendsTheCookieOnce),
    contract.signing_honours_fallback_keys: interface(ForgetsFallbackKeys),
    contract.signing_refuses_a_forgery: interface(VerifiesNothing),
    contract.signing_without_a_key_says_so: interface(SignsWithNoKey),
    contract.answers_vary_with_the_cookie: interface(SaysNoVary),
    contract.untouched_session_costs_nothing: interface(ReadsAtOnce),
    contract.reading_costs_one_call: interface(ReadsTwice),
    contract.writing_costs_two_calls: interface(ReadsBeforeWriting),
    contract.reading_an_empty_session_creates_nothing: interface(CreatesByReading),
    contract.clearing_deletes_row_and_cookie: store(DeletesNothing),
    contract.session_transactions_work: interface(WorksInRequestsOnly),
    contract.slow_reader_undoes_nothing: interface(WritesWhatWasRead),
    contract.slow_writer_does_not_undo_logout: store(Upserts),
    contract.slow_writer_does_not_undo_login: store(Upserts),
    contract.slow_login_does_not_undo_logout: store(AlwaysDeletes),
    contract.login_beside_a_logout_counts: interface(DropsWhatEquals),
    contract.two_logouts_at_once_succeed: interface(FailsOnNone),
    contract.late_request_does_not_undo_login: interface(TakesNoNotes),
    contract.failed_regeneration_keeps_the_session: interface(EndsFirst),
    contract.change_of_a_session_that_was_lost_is_an_error: interface(DropsLateChanges),
    contract.last_writer_wins: store(FirstWriterWins),
    contract.threads_do_not_mix: store(MixesThreads),
    contract.expired_is_gone_at_once: store(ExpiresLate),
    contract.lifetimes_below_a_second_work: store(CountsWholeSeconds),
    contract.lifetimes_beyond_30_days_work: store(TakesLongLifetimesForDates),
    contract.endless_lifetimes_work: interface(LivesAsConfigured),
    contract.reading_moves_the_expiry: store(TouchesNothing),
    contract.expiry_stays_without_refresh: store(TouchesWhileReading),
    contract.clock_steps_do_no_harm: store(UsesLocalTime),
    contract.live_sessions_stay: store(Evicts),
    contract.purging_removes_only_the_expired: store(PurgesNothing),
    contract.outage_is_loud: interface(HidesOutages),
    contract.error_pages_may_look_at_the_session: interface(BreaksErrorPages),
    contract.outage_is_not_asked_twice: interface(Insists),
    contract.lost_write_is_never_reported_as_saved: interface(LosesWrites),
    contract.lost_write_in_an_error_page_sets_no_cookie: interface(SetsTheCookieFirst),
    contract.outage_can_be_served_anonymously: interface(DropsTheCookieInAnOutage),
    contract.failing_to_open_is_a_plain_error: interface(SavesWhatWasNotOpened),
    contract.leaves_the_views_database_work_alone: interface(CommitsForTheView),
    contract.store_creates_only_what_is_absent: store(Overwrites),
    contract.store_creates_once_among_threads: store(LooksThenCreates),
    contract.store_updates_only_what_is_present: store(Upserts),
    contract.store_never_resurrects: store(LooksThenUpdates),
    contract.store_readers_see_whole_payloads: store(WritesInHalves),
    contract.store_touch_moves_the_expiry: store(TouchesNothing),
    contract.store_touch_writes_no_data: store(TouchesWithOldData),
    contract.store_deletes: store(DeletesAll),
    contract.store_forgets_what_expired: store(NeverExpires),
    contract.store_updates_the_expiry: store(KeepsTheOldExpiry),
    contract.store_keeps_bytes: store(StripsBytes),
    contract.store_tells_keys_apart: store(IgnoresCase),
    contract.store_takes_the_longest_key: store(CutsKeys),
    contract.store_purges_only_the_expired: store(PurgesAll),
}


def test_every_check_has_something_to_fail_on() -> None:
    assert set(BROKEN) == {*CONTRACT, *STORE_CONTRACT}


@pytest.mark.parametrize("check", BROKEN, ids=name_of)
def test_the_check_fails(check: Check) -> None:
    with pytest.raises((AssertionError, RuntimeError, SessionBackendError)) as caught:
        check(BROKEN[check]())
    # What needs a request says so itself; what escapes an application is one of our own errors;
    # all else is a failed assertion.
    known = isinstance(caught.value, AssertionError | SessionBackendError)
    assert known or "request context" in str(caught.value)
