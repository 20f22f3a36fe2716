"""Every backend keeps the whole contract."""

import pytest

from proven.claims.proofs import proves
from tests.reference.sessions.contract import CONTRACT, STORE_CONTRACT, Check, Subject, name_of


@proves(
    "reference/sessions",
    "On every backend, a session cannot be read from the moment it expires.",
    "One contract, a list of checks, holds for every backend.",
    "A request that reads the session makes one call.",
    "A request that changes it makes two.",
    "An id from the client that is not in the store is never used, and a cookie that "
    "cannot be an id is never sent to the store.",
    "The store contains a hash of the id and not the id itself.",
    "The types are those of Flask's own session: the types of JSON, tuple, bytes, Markup, "
    "UUID and datetime.",
    "A request that only reads never undoes the change of another request.",
    "If two requests change the session at the same time, the one that is saved last "
    "overwrites the other completely.",
    "If a session is ended or gets a new id while a slow request is running, the slow "
    "request cannot bring the old session back.",
    "regenerate writes the new session before it ends the old one.",
    "If writing fails, the old session is unchanged.",
    "A request with the old id that comes after the login cannot undo the login.",
    "If a change cannot be saved, the response is an error.",
    "This includes the case that the store drops the session between reading and writing.",
    "The cookie has the attributes that the configuration sets, both when it is set and "
    "when it is deleted.",
    "An error handler may use the session: it finds an empty one.",
    "The id consists of 256 random bits.",
    "Nothing is unpickled.",
    "Here a session is permanent only if the view sets session.permanent.",
    "So a slow request cannot bring back a session that another request has ended.",
)
@proves(
    "reference/session-classes",
    "client (RedisClient) -- A redis.Redis, for a single server or from "
    "Sentinel.master_for, or a redis.RedisCluster.",
    "It works with and without decode_responses.",
    "client (MemcacheClient) -- A pymemcache.PooledClient, which threads can share, or a "
    "HashClient with use_pooling.",
    "A session of more than 16 MB is refused with SessionBackendError.",
    "Live sessions are never removed to make room.",
    "A request that does not use the session makes no call to the store.",
    "Reading the session makes one call, and only if the client sent a cookie that can be an id.",
    "Changing the session makes one more call.",
    "If a permanent session was only read, one more call moves its expiry, unless "
    "SESSION_REFRESH_EACH_REQUEST is False.",
    "If two requests change one session at the same time, the one that is saved last "
    "overwrites the other.",
    "A request that only reads undoes nothing that another request has changed.",
    "In an error handler, a session that could not be read is empty, so that the error "
    "page can be shown.",
    "Applications with the same prefix share their sessions.",
    "use_signer (bool) -- Whether the id in the cookie is signed with SECRET_KEY, so that "
    "an invented id is refused without a call to the store.",
    "The keys in SECRET_KEY_FALLBACKS are accepted too.",
    "Without a key, the session is empty, and writing to it raises an error that says "
    "what is missing.",
    "anonymous_when_down (bool) -- Whether views get an empty session instead of an error "
    "while the store fails.",
    "The browser keeps its cookie, and the failure is logged.",
    "A change of the session still raises the error, because it would be lost.",
    "Give the session a new id and keep its data.",
    "The old id ends when the session is saved, whatever the view does to the session "
    "before or after.",
    "It ends last: if anything fails before, the old session stays as it was.",
    "End the session: delete its data, its id and its cookie.",
    "What the view stores in the session afterwards starts a new session.",
    "Then the response has Vary: Cookie.",
    "Whether the cookie survives the end of the browser, for PERMANENT_SESSION_LIFETIME.",
    "Nothing is ever unpickled.",
    "It has ended, has a new id, has expired, or was dropped by the store to make room.",
)
@pytest.mark.parametrize("check", CONTRACT, ids=name_of)
def test_sessions(subject: Subject, check: Check) -> None:
    check(subject)


@proves(
    "reference/sessions",
    "The store uses no locks: each step is one operation that the file system carries out "
    "completely or not at all.",
    "create writes only if no record with this key exists, and update only if one still exists.",
)
@proves(
    "reference/session-classes",
    "It consists of ASCII characters without spaces, 100 at most.",
    "Each method is one step that cannot be interrupted: if two requests call at the same "
    "moment, one call is complete before the other has an effect.",
    "lifetime is in seconds, and may have a fraction.",
    "A record cannot be read from the moment that it expires.",
    "Return the record, or None if there is none.",
    "Write the record if none exists.",
    "Return whether it was written.",
    "Replace the record if one exists.",
    "Return whether it was replaced.",
    "Move the expiry of a record, and never overwrite newer data.",
    "record is the return value of read.",
    "Return whether the record still exists.",
    "Delete the record.",
    "Return whether one existed.",
    "Delete the expired records in batches, and yield the size of each batch.",
    "payload (bytes) -- The bytes that were written.",
    "It has ended, has a new id, has expired, or was dropped by the store to make room.",
)
@pytest.mark.parametrize("check", STORE_CONTRACT, ids=name_of)
def test_store(subject: Subject, check: Check) -> None:
    check(subject)
