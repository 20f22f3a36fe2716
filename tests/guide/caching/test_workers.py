"""Two workers, what each keeps for itself, and what one computes for all: docs/guide/caching.md."""

from __future__ import annotations

import gc
import json
import time
import urllib.request
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import LockError

from proven.claims.proofs import proves
from snippets.caching import once, per_process
from tests.guide.deployment.common import fetch, module, serving
from tests.servers import Server, wait_for

WORKERS = ("gunicorn", "--workers", "2")
SIMPLE = """
import os
from flask import Flask
from flask_caching import Cache
app = Flask(__name__)
app.config["CACHE_TYPE"] = "SimpleCache"
cache = Cache(app)
@app.get("/")
def front():
    return {"pid": os.getpid(), "value": cache.get("price")}
@app.get("/set/<int:price>")
def store(price):
    cache.set("price", price)
    return {"pid": os.getpid(), "value": price}
"""


def until(port: int, path: str, pid: int | None = None, method: str = "GET") -> dict[str, float]:
    """Send a request again and again until this worker responds."""
    found: dict[str, float] = {}

    def asked() -> bool:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            found.update(json.load(answer))
        return pid in (None, found["pid"])

    wait_for(asked)
    return found


def pids(port: int, path: str) -> list[int]:
    seen: set[int] = set()

    def both() -> bool:
        with ThreadPoolExecutor(4) as pool:
            seen.update(json.loads(fetch(port, path)[1])["pid"] for _ in pool.map(str, range(4)))
            seen.update(pool.map(lambda _: json.loads(fetch(port, path)[1])["pid"], range(4)))
        return len(seen) == 2

    wait_for(both)
    return sorted(seen)


@proves(
    "guide/caching",
    "memory of a worker | this worker | with the worker",
    'lru_cache and CACHE_TYPE="SimpleCache" keep their values in the memory of one process.',
    "With two workers, each has its own: DELETE /rates empties one of them, and the other one still "
    "responds with the old rate.",
    "lru_cache has no timeout.",
    "Each worker has a cache in its own memory.",
    "Use Redis.",
)
def test_two_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = tmp_path / "rates.json"
    rates.write_text('{"eur": 0.5}')
    client = per_process.app.test_client()
    monkeypatch.setitem(per_process.app.config, "RATES", str(rates))
    assert client.get("/rates/eur").get_json()["rate"] == 0.5
    rates.write_text('{"eur": 1.5}')
    assert client.get("/rates/eur").get_json()["rate"] == 0.5
    client.delete("/rates")
    assert client.get("/rates/eur").get_json()["rate"] == 1.5
    client.delete("/rates")
    module(
        tmp_path,
        "shop",
        f"from snippets.caching.per_process import app\napp.config['RATES'] = {str(rates)!r}\n",
    )
    with serving(*WORKERS, "shop:app", path="/rates/eur", cwd=tmp_path) as server:
        one, two = pids(server.port, "/rates/eur")
        rates.write_text('{"eur": 2.5}')
        cleared = until(server.port, "/rates", method="DELETE")["pid"]
        for pid in (one, two):
            assert until(server.port, "/rates/eur", pid)["rate"] == (2.5 if pid == cleared else 1.5)
    module(tmp_path, "simple", SIMPLE)
    with serving(*WORKERS, "simple:app", cwd=tmp_path) as server:
        one, two = pids(server.port, "/")
        stored = until(server.port, "/set/7")["pid"]
        for pid in (one, two):
            assert until(server.port, "/", pid)["value"] == (7 if pid == stored else None)
    assert not [name for name in lru_cache(len).cache_parameters() if "time" in name]


@proves(
    "guide/caching",
    "It returns the same object each time.",
    "If a view appends to a list that it got, all later requests see the longer list.",
    "On a method it keeps self as well, so the object is never freed.",
)
def test_what_lru_cache_holds() -> None:
    app = Flask("shop")

    @lru_cache
    def teas() -> list[str]:
        return ["oolong"]

    @app.get("/")
    def view() -> list[str]:
        found = teas()
        found.append("sencha")
        return found

    assert [len(app.test_client().get("/").get_json()) for _ in range(3)] == [2, 3, 4]

    class Shop:
        @lru_cache  # noqa: B019
        def price(self) -> int:
            return 7

    shop = Shop()
    gone = weakref.ref(shop)
    assert shop.price() == 7
    del shop
    gc.collect()
    assert gone() is not None


def reports(server: Server, folder: Path, keep: bool) -> list[str]:
    """Ask two workers eight times at once for a report that takes a moment."""
    code = "from snippets.caching import once\n"
    if not keep:
        code += (
            "def plain(redis, key, seconds, compute):\n    found = redis.get(key)\n"
            "    if found is not None:\n        return found.decode()\n    text = compute()\n"
            "    redis.set(key, text, ex=seconds)\n    return text\nonce.kept = plain\n"
        )
    module(folder, "shop", code + "app = once.create_app()\napp.get('/')(lambda: '')\n")
    more = {"SHOP_REDIS_URL": f"redis://127.0.0.1:{server.port}/0", "SHOP_SECONDS": "1.0"}
    with (
        serving(*WORKERS, "--threads", "8", "shop:app", cwd=folder, **more) as shop,
        ThreadPoolExecutor(8) as pool,
    ):
        return list(pool.map(lambda _: fetch(shop.port, "/report")[1], range(8)))


@proves(
    "guide/caching",
    "If a value expires that many requests need, they all compute it at the same time.",
    "A lock in Redis lets one do it:",
    "Eight requests in two workers compute the report once, and all get it.",
)
@pytest.mark.parametrize("keep", [False, True])
def test_eight_at_once(keep: bool, server: Server, tmp_path: Path) -> None:
    said = reports(server, tmp_path, keep)
    assert len(set(said)) == (1 if keep else 8)
    with Redis(port=server.port) as redis:
        assert redis.get("reports") == (b"1" if keep else b"8")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the connections of all applications of a test."""
    made: list[Redis] = []

    class Recorded:
        @staticmethod
        def from_url(*given: str, **options: int) -> Redis:
            made.append(Redis.from_url(*given, **options))
            return made[-1]

    monkeypatch.setattr(once, "Redis", Recorded)
    yield
    for client in made:
        client.close()


@pytest.mark.usefixtures("closed")
@proves(
    "guide/caching",
    "If the worker dies, its lock ends after ten seconds, and the next one computes.",
    "If Redis is down, this view responds with 500.",
)
def test_a_lock_that_nobody_gives_back(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECONDS", "0")
    app = once.create_app()
    with Redis(port=server.port) as redis:
        # the lock of one that died nine and a half seconds ago
        dead = redis.lock("lock:report", timeout=10)
        assert dead.acquire()
        assert 9_000 < redis.pttl("lock:report") <= 10_000
        redis.pexpire("lock:report", 500)
        began = time.monotonic()
        assert app.test_client().get("/report").text == "report number 1"
        assert 0.3 < time.monotonic() - began < 5

        assert app.test_client().get("/report").text == "report number 1"
        # one that waits gets what another one has stored in the meantime
        other = redis.lock("lock:waits", timeout=10)
        assert other.acquire()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(once.kept, redis, "waits", 60, lambda: "mine")
            time.sleep(0.3)
            redis.set("waits", "theirs")
            other.release()
            assert waiting.result(10) == "theirs"

        # one whose work took longer than its lock
        def slow() -> str:
            assert 9_000 < redis.pttl("lock:slow") <= 10_000
            redis.delete("lock:slow")
            return "late"

        assert once.kept(redis, "slow", 60, slow) == "late"

        # and one that fails gives it back
        def fail() -> str:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            once.kept(redis, "fail", 60, fail)
        assert not redis.exists("lock:fail")
        assert redis.ttl("slow") == 60
        with pytest.raises(LockError):
            dead.release()
    monkeypatch.setenv("SHOP_REDIS_URL", "redis://127.0.0.1:1/0")
    down = once.create_app()
    down.logger.disabled = True
    assert down.test_client().get("/report").status_code == 500
    down.logger.disabled = False


@proves(
    "guide/caching",
    "from werkzeug.contrib.cache import SimpleCache. Old posts import it from Werkzeug.",
    "Use Flask-Caching, or the package cachelib, to which it has moved.",
)
def test_the_old_import() -> None:
    with pytest.raises(ModuleNotFoundError):
        import werkzeug.contrib.cache  # noqa: F401
    from cachelib import SimpleCache

    kept = SimpleCache()
    kept.set("tea", "oolong", timeout=60)
    assert kept.get("tea") == "oolong"
