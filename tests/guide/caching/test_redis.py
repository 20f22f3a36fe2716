"""Flask-Caching on a real Redis: docs/guide/caching.md."""

from __future__ import annotations

import logging
import pickle
import threading
import time
import warnings
from collections.abc import Iterator
from functools import lru_cache

import pytest
from flask import Flask, Response, abort, make_response, render_template_string, request, session
from flask.views import MethodView
from flask_caching import Cache
from flask_wtf.csrf import CSRFProtect
from redis import Redis

from proven.claims.proofs import proves
from snippets.caching import prices
from tests.guide.caching.common import on_the_page
from tests.servers import Server


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the connections of all applications of a test."""
    made, make = [], prices.create_app
    monkeypatch.setattr(prices, "create_app", lambda: (made.append(make()), made[-1])[1])
    yield
    for app in made:
        for backend in app.extensions["cache"].values():
            backend._read_client.close()
            backend._write_client.close()


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    fresh = {"oolong": 7, "sencha": 9}
    monkeypatch.setattr(prices, "PRICES", fresh)
    return fresh


def simple(**options: object) -> tuple[Flask, Cache]:
    app = Flask("shop")
    app.config.update(
        TESTING=True, SECRET_KEY="only for tests", CACHE_TYPE="SimpleCache", **options
    )
    return app, Cache(app)


@proves(
    "guide/caching",
    "cached keeps what a view returns, memoize keeps what a function returns for its arguments:",
    "None is not kept: a price that does not exist is looked for in each request.",
    "Redis | all workers | after the timeout, or with delete",
    "Delete the key after the commit.",
)
def test_prices(server: Server, table: dict[str, int]) -> None:
    # two applications, as in two workers
    one, two = (prices.create_app().test_client() for _ in range(2))
    assert one.get("/prices/oolong").json == {"price": 7}
    table["oolong"] = 8
    assert two.get("/prices/oolong").json == {"price": 7}
    assert one.put("/prices/oolong", json={"price": 11}).status_code == 204
    assert two.get("/prices/oolong").json == {"price": 11}
    assert two.get("/prices/sencha").json == {"price": 9}
    assert one.get("/prices/new").status_code == 404
    table["new"] = 3
    assert one.get("/prices/new").json == {"price": 3}
    with Redis(port=server.port) as redis:
        assert all(0 < redis.ttl(key) <= 300 for key in redis.scan_iter())


@proves(
    "guide/caching",
    "The key of cached is the path, and with query_string=True also the query.",
    "It is neither the user nor the language nor the host: for those, pass make_cache_key.",
    "Without query_string=True, /teas?first=s gets what was kept for /teas?first=o.",
    "cached stands on a view that reads session, current_user or a header.",
    "Leave it out there, or put the user into the key.",
)
def test_keys(server: Server) -> None:
    client = prices.create_app().test_client()
    assert client.get("/teas?first=o").json == ["oolong"]
    assert client.get("/teas?first=s").json == ["sencha"]
    app, cache = simple()

    @app.get("/teas")
    @cache.cached()
    def teas() -> str:
        user = request.authorization.username if request.authorization else "nobody"
        return f"{request.args.get('first')} {user} {request.host} {request.accept_languages}"

    @app.get("/mine")
    @cache.cached(make_cache_key=lambda *_, **__: f"mine/{request.headers['X-User']}")
    def mine() -> str:
        return request.headers["X-User"]

    client = app.test_client()
    first = client.get("/teas?first=o", auth=("ada", "tea")).text
    assert client.get("/teas?first=s", headers={"Host": "x", "Accept-Language": "zh"}).text == first
    assert [
        client.get("/mine", headers={"X-User": user}).text for user in ("ada", "bo", "ada")
    ] == [
        "ada",
        "bo",
        "ada",
    ]


@proves(
    "guide/caching",
    "In a MethodView, decorate the method get.",
    "In its decorators, cached responds to POST with what was kept for GET.",
)
def test_a_method_view() -> None:
    app, cache = simple()
    calls: list[str] = []

    class Method(MethodView):
        @cache.cached()
        def get(self) -> str:
            calls.append("get")
            return "get"

        def post(self) -> str:
            return "post"

    class Whole(MethodView):
        decorators = [cache.cached()]  # noqa: RUF012

        def get(self) -> str:
            return "get"

        def post(self) -> str:
            raise NotImplementedError

    app.add_url_rule("/method", view_func=Method.as_view("method"))
    app.add_url_rule("/whole", view_func=Whole.as_view("whole"))
    client = app.test_client()
    assert [client.get("/method").text, client.get("/method").text] == ["get", "get"]
    assert (calls, client.post("/method").text) == (["get"], "post")
    assert [client.get("/whole").text, client.post("/whole").text] == ["get", "get"]


@proves(
    "guide/caching",
    "cached keeps what the view returns, errors and cookies included: abort(404), a 500 that the view "
    "returns, a Response with Set-Cookie.",
    "response_filter decides what is kept.",
    "Responses with Set-Cookie.",
    "Responses of POST, redirects after a login, and errors.",
)
def test_what_is_kept() -> None:
    app, cache = simple()
    calls: list[str] = []

    def answer() -> tuple[str, int] | Response:
        calls.append(request.path)
        if request.path.endswith("404"):
            abort(404)
        if request.path.endswith("500"):
            return "broken", 500
        response = make_response("page")
        response.set_cookie("user", request.args["user"])
        return response

    def good(value: object) -> bool:
        response = make_response(value)
        return response.status_code == 200 and "Set-Cookie" not in response.headers

    for name, options in {"all": {}, "good": {"response_filter": good}}.items():
        view = cache.cached(**options)(answer)  # type: ignore[arg-type]
        for kind in ("404", "500", "cookie"):
            app.add_url_rule(f"/{name}/{kind}", f"{name}{kind}", view, methods=["GET", "POST"])
    found = {}
    for name in ("all", "good"):
        for kind in ("404", "500", "cookie"):
            calls.clear()
            for user in ("ada", "bo"):
                last = app.test_client().post(f"/{name}/{kind}?user={user}")
            found[name, kind] = len(calls)
            if kind == "cookie":
                assert last.headers["Set-Cookie"].startswith(
                    "user=ada" if name == "all" else "user=bo"
                )
    assert list(found.values()) == [1, 1, 1, 2, 2, 2]


@proves(
    "guide/caching",
    "The values are stored with pickle: who can write to your Redis can run code in your application.",
    "cache.clear() deletes only the keys with CACHE_KEY_PREFIX.",
)
def test_what_is_in_redis(server: Server) -> None:
    app = prices.create_app()
    app.test_client().get("/teas")
    with Redis(port=server.port) as redis:
        redis.set("other", "stays")
        [key] = [key for key in redis.scan_iter() if b"teas" in key]
        value = redis.get(key)
        assert isinstance(value, bytes)
        assert pickle.loads(value[1:]) == ["oolong", "sencha"]

        class Evil:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return eval, ("['evil'] * 2",)

        redis.set(key, b"!" + pickle.dumps(Evil()))
        assert app.test_client().get("/teas").json == ["evil", "evil"]
        with app.app_context():
            prices.cache.clear()
        assert redis.keys() == [b"other"]


@proves(
    "guide/caching",
    "memoize stores a version beside the values, and the key contains it.",
    "delete_memoized(price) without arguments writes a new version, so that no older value is found any more:",
)
def test_the_version_of_memoize() -> None:
    app, cache = simple()

    @cache.memoize()
    def length(tea: str) -> int:
        return len(tea)

    with app.app_context():
        length("oolong")
        kept = cache.cache._cache
        [version_key] = [key for key in kept if key.endswith("_memver")]
        version = cache.get(version_key)
        [value_key] = kept.keys() - {version_key}
        assert value_key.endswith(version)
        cache.delete_memoized(length)
        # the old value is there, and nobody asks for it
        assert kept.keys() == {version_key, value_key}
        assert cache.get(version_key) != version
        length("oolong")
        assert len(kept) == 3


@proves(
    "guide/caching",
    "While Redis is down, each request computes its result, and the log has Exception possibly due to "
    "cache backend. Without the timeouts in CACHE_OPTIONS, a Redis that hangs stops each request.",
)
def test_redis_that_is_down_or_hangs(
    server: Server, caplog: pytest.LogCaptureFixture, table: dict[str, int]
) -> None:
    client = prices.create_app().test_client()
    assert client.get("/prices/oolong").json == {"price": 7}
    table["oolong"] = 8
    server.pause()
    try:
        began = time.monotonic()
        with caplog.at_level(logging.ERROR):
            assert client.get("/prices/oolong").json == {"price": 8}
            assert client.put("/prices/oolong", json={"price": 9}).status_code == 204
        assert time.monotonic() - began < 2
        assert {record.message for record in caplog.records} == {
            on_the_page("Exception possibly due to cache backend."),
            "the old price stays for up to 300 seconds",
        }
        patient = prices.create_app()
        for backend in patient.extensions["cache"].values():
            backend._write_client.close()
        patient.config.update(CACHE_OPTIONS=None)
        prices.cache.init_app(patient)
        thread = threading.Thread(target=lambda: patient.test_client().get("/prices/oolong"))
        thread.start()
        thread.join(1.5)
        assert thread.is_alive()
    finally:
        server.resume()
    thread.join(20)
    assert not thread.is_alive()


@proves(
    "guide/caching",
    'In tests, CACHE_TYPE="NullCache" with CACHE_NO_NULL_WARNING=True keeps nothing.',
    "CACHE_TYPE is missing.",
    'Set it before init_app: "RedisCache", or "SimpleCache" for one process.',
    "cache.init_app(app) was not called.",
    "A list or a dictionary is an argument of a function with lru_cache.",
    "Pass a tuple.",
)
def test_messages() -> None:
    with pytest.warns(UserWarning, match="NullCache") as caught:
        Cache(Flask("shop"))
    on_the_page(f"UserWarning: {caught[0].message}")
    app = Flask("shop")
    app.config.update(TESTING=True, CACHE_TYPE="NullCache", CACHE_NO_NULL_WARNING=True)
    cache, calls = Cache(), []

    @app.get("/")
    @cache.cached()
    def view() -> str:
        calls.append("view")
        return "tea"

    with pytest.raises(AttributeError) as missing:
        app.test_client().get("/")
    on_the_page(f"AttributeError: {missing.value}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cache.init_app(app)
    assert [app.test_client().get("/").text for _ in range(2)] == ["tea", "tea"]
    assert len(calls) == 2
    length = lru_cache(len)
    for unhashable in ([1], {1: 2}):
        with pytest.raises(TypeError) as caught_error:
            length(unhashable)  # type: ignore[arg-type]
    with pytest.raises(TypeError) as caught_error:
        length([1])  # type: ignore[arg-type]
    on_the_page(f"TypeError: {caught_error.value}")
    assert length((1,)) == 1


@proves(
    "guide/caching",
    "Before it, another request can read the old row and store it again.",
    "Between a query and its set, this can still happen, so every key needs a timeout: it says for how "
    "long an old value can stay.",
)
@pytest.mark.parametrize("order", ["deleted before the commit", "read before the commit"])
def test_an_old_value_is_stored_again(order: str) -> None:
    app, cache = simple()
    row = {"price": 7}
    read, committed = threading.Event(), threading.Event()

    @cache.memoize(timeout=1)
    def price(tea: str) -> int:
        found = row["price"]
        read.set()
        assert committed.wait(5)
        return found

    def ask() -> None:
        with app.app_context():
            price("oolong")

    with app.app_context():
        reader = threading.Thread(target=ask)
        if order == "deleted before the commit":
            cache.delete_memoized(price, "oolong")
            reader.start()
            assert read.wait(5)
            row["price"] = 8
        else:
            reader.start()
            assert read.wait(5)
            row["price"] = 8
            cache.delete_memoized(price, "oolong")
        committed.set()
        reader.join()
        assert price("oolong") == 7
        time.sleep(1.2)
        assert price("oolong") == 8


@proves(
    "guide/caching",
    "Pages with the name, the basket or the messages of a user.",
    "Pages with a form: its CSRF token belongs to the session of the one who loaded it.",
    "For everybody else, the form fails with The CSRF tokens do not match.",
)
def test_a_kept_form_fails_for_everybody_else() -> None:
    app, cache = simple()
    CSRFProtect(app)

    @app.route("/form", methods=["GET", "POST"])
    @cache.cached(unless=lambda: request.method == "POST")
    def form() -> str:
        session.setdefault("seen", True)
        return render_template_string("{{ csrf_token() }}")

    @app.get("/own")
    def own() -> str:
        return render_template_string("{{ csrf_token() }}")

    ada, bo = app.test_client(), app.test_client()
    token = ada.get("/form").text
    bo.get("/own")
    assert bo.get("/form").text == token
    assert ada.post("/form", data={"csrf_token": token}).status_code == 200
    refused = bo.post("/form", data={"csrf_token": token})
    assert refused.status_code == 400
    assert on_the_page("The CSRF tokens do not match.") in refused.text
