"""What a response says about itself, to a browser and to nginx: docs/guide/caching.md."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, Response, make_response, request

from proven.claims.proofs import proves
from snippets.caching import headers
from tests.guide.behind_nginx.common import Nginx
from tests.guide.caching.common import ROOT, table
from tests.guide.deployment.common import module, serving
from tests.needs import chromium
from tests.servers import Server, running, served

CONF = ROOT.joinpath("snippets", "caching", "cached.conf").read_text(encoding="utf-8")
VIEWS = """
import itertools, time
from flask import Flask, make_response, request
app = Flask(__name__)
count = itertools.count(1)

@app.get("/")
def front():
    return ""

@app.route("/said", methods=["GET", "POST"])
def said():
    time.sleep(float(request.args.get("wait", 0)))
    response = make_response(f"{next(count)} {request.accept_languages}")
    response.headers.update({k: v for k, v in request.args.items() if k[0].isupper()})
    if "version" in request.args:
        response.set_etag(request.args["version"])
        response.make_conditional(request)
    return response
"""


@proves(
    "guide/caching",
    "A response says in Cache-Control who may keep it, and for how long:",
    "So the hook above adds no-store where a view says nothing.",
    "A request that reads the session gets Vary: Cookie.",
    "With ETag and make_conditional(), a client that has the current version gets 304 and no body.",
    "The view runs all the same.",
)
def test_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    client = headers.app.test_client()
    news = client.get("/news", headers={"Accept-Language": "zh-CN"})
    assert (news.text, news.headers["Vary"]) == ("茶叶涨价。", "Accept-Language")
    assert news.headers["Cache-Control"] == "public, max-age=60"
    account = client.get("/account")
    assert (account.headers["Cache-Control"], account.headers["Vary"]) == ("no-store", "Cookie")
    assert client.get("/nobody").headers["Cache-Control"] == "no-store"
    ran: list[str] = []
    monkeypatch.setattr(
        headers, "make_response", lambda text: (ran.append(text), make_response(text))[1]
    )
    etag = client.get("/news").headers["ETag"]
    again = client.get("/news", headers={"If-None-Match": etag})
    assert (again.status_code, again.text, len(ran)) == (304, "", 2)


@pytest.mark.browser
@proves(
    "guide/caching",
    "browser | one user | after max-age",
    "Cache-Control: no-store | nobody keeps it",
    "Cache-Control: no-cache | it may be kept, but each use is confirmed first",
    "Cache-Control: private, max-age=60 | only the browser keeps it, for a minute",
    "Cache-Control: public, max-age=60 | everybody keeps it for a minute",
    "ETag | the version, with which an old copy is confirmed",
)
def test_a_browser() -> None:
    app, asked = Flask("browser"), list[str | None]()

    @app.get("/")
    def front() -> str:
        return "front"

    @app.get("/kept/<path:value>")
    def view(value: str) -> Response:
        asked.append(request.headers.get("If-None-Match"))
        response = make_response(value)
        response.headers["Cache-Control"] = value
        response.set_etag("v1")
        return response.make_conditional(request)

    found = {}
    with served(app) as port, chromium() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        for value in (
            "no-store",
            "no-cache",
            "private, max-age=60",
            "public, max-age=60",
            "max-age=1",
        ):
            asked.clear()
            for _ in range(2):
                assert (
                    page.evaluate("path => fetch(path).then(a => a.text())", f"/kept/{value}")
                    == value
                )
                if value == "max-age=1":
                    time.sleep(2.1)
            found[value] = asked.copy()
    assert found == {
        "no-store": [None, None],
        "no-cache": [None, '"v1"'],
        "private, max-age=60": [None],
        "public, max-age=60": [None],
        "max-age=1": [None, '"v1"'],
    }


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = module(tmp_path_factory.mktemp("said"), "said", VIEWS)
    with serving("gunicorn", "--threads", "16", "said:app", cwd=folder) as server:
        yield server


def cache(backend: Server, conf: str = CONF) -> Nginx:
    """Return nginx, not started, with its copies in its own folder."""
    conf = conf.replace("/var/cache/nginx/shop", "/srv/shop/cache")
    return Nginx(conf.replace("127.0.0.1:8000", f"127.0.0.1:{backend.port}"))


@pytest.fixture(scope="module")
def nginx(backend: Server) -> Iterator[Nginx]:
    with running(cache(backend)) as server:
        assert isinstance(server, Nginx)
        yield server


NAMES = itertools.count()


def ask(nginx: Nginx, query: str, **headers: str) -> tuple[str, str]:
    answer = nginx.ask(f"/said?{query}", **headers)
    return answer.headers["X-Cache"], answer.text


@proves(
    "guide/caching",
    "nginx | all users | after s-maxage, or else max-age",
    "nginx now responds from its folder, without the application, if the response allows it.",
    "X-Cache says what it did:",
    "no Cache-Control | MISS",
    "max-age=60 | HIT",
    "max-age=0, s-maxage=60 | HIT",
    "private, max-age=60 | MISS",
    "no-cache | MISS",
    "no-store | MISS",
    "max-age=60 and Set-Cookie | MISS",
    "max-age=60 and Vary: * | MISS",
    "Cache-Control: no-store | nobody keeps it",
    "Cache-Control: private, max-age=60 | only the browser keeps it, for a minute",
    "Cache-Control: public, max-age=60 | everybody keeps it for a minute",
)
@pytest.mark.parametrize(
    "row", [*table("caching-nginx"), ["`public, max-age=60`", "`HIT`"]], ids=str
)
def test_what_nginx_keeps(row: list[str], nginx: Nginx) -> None:
    said, *more = row[0].split(" and ")
    query = "" if said.startswith("no `") else f"&Cache-Control={said.strip('`')}"
    query += {"`Set-Cookie`": "&Set-Cookie=a%3Db", "`Vary: *`": "&Vary=*", "": ""}["".join(more)]
    query = f"n={next(NAMES)}{query.replace(' ', '%20')}"
    first, second = ask(nginx, query), ask(nginx, query)
    assert (first[0], second[0]) == ("MISS", row[1].strip("`"))
    assert (first[1] == second[1]) is (second[0] == "HIT")


@proves(
    "guide/caching",
    "Vary: Accept-Language | each value of this header of the request has a copy of its own",
    "A browser that reloads with Cache-Control: no-cache gets the copy too.",
    "nginx keeps a response to a request with Authorization, and sends it to everybody, if the response has max-age.",
    "Write private or no-store.",
    "Such a response can still be kept: write no-store on each personal page.",
)
def test_who_gets_a_copy(nginx: Nginx) -> None:
    query = f"n={next(NAMES)}&Cache-Control=max-age%3D60"
    said = [
        ask(nginx, query + "&Vary=Accept-Language", Accept_Language=x)
        for x in ("zh", "en", "zh", "en")
    ]
    assert [word for word, _ in said] == ["MISS", "MISS", "HIT", "HIT"]
    assert said[:2] == [("MISS", text) for _, text in said[2:]]
    assert ask(nginx, query)[0] == "MISS"
    assert ask(nginx, query, Cache_Control="no-cache")[0] == "HIT"
    said = [ask(nginx, query + "&Vary=Cookie", Cookie=user) for user in ("a=1", "a=2", "a=1")]
    assert [word for word, _ in said] == ["MISS", "MISS", "HIT"]
    ada = {"Authorization": "Basic YWRhOnRlYQ=="}
    kept = ask(nginx, query + "&user", **ada)
    assert (kept[0], ask(nginx, query + "&user")) == ("MISS", ("HIT", kept[1]))
    for safe in ("private,max-age%3D60", "no-store"):
        query = f"n={next(NAMES)}&Cache-Control={safe}"
        assert [ask(nginx, query, **ada)[0], ask(nginx, query)[0]] == ["MISS", "MISS"]


@proves(
    "guide/caching",
    "With proxy_cache_lock, one of eight simultaneous requests reaches the application, and the "
    "others wait for its response.",
    "When a copy is too old, proxy_cache_revalidate asks with its ETag.",
    "After a 304, the copy is good again: REVALIDATED.",
    "If the application does not run, proxy_cache_use_stale sends the old copy: STALE.",
)
def test_locks_and_old_copies(nginx: Nginx, tmp_path: Path) -> None:
    query = f"n={next(NAMES)}&wait=0.4&Cache-Control=max-age%3D60"
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: ask(nginx, query), range(8)))
    assert sorted(word for word, _ in said) == ["HIT"] * 7 + ["MISS"]
    assert len({text for _, text in said}) == 1
    module(tmp_path, "said", VIEWS)
    with serving("gunicorn", "said:app", cwd=tmp_path) as own, running(cache(own)) as server:
        assert isinstance(server, Nginx)
        query = "version=v1&Cache-Control=max-age%3D1"
        first = ask(server, query)
        time.sleep(2.1)
        assert ask(server, query) == ("REVALIDATED", first[1])
        own.kill()
        time.sleep(2.1)
        assert ask(server, query) == ("STALE", first[1])
        assert server.ask("/said?other").status == 502


@proves(
    "guide/caching",
    "Posts advise proxy_ignore_headers Cache-Control Set-Cookie; with proxy_cache_valid 200 10m;, so that "
    "more is kept.",
    "Then nginx keeps everything, with the cookie of the first user in it, and sends both to the next one.",
    "Delete these lines, and let the application say what may be kept.",
)
def test_lines_that_give_a_page_away(backend: Server, nginx: Nginx) -> None:
    bad = "proxy_ignore_headers Cache-Control Set-Cookie;\n proxy_cache_valid 200 10m;\n proxy_cache shop;"
    query = "/said?Cache-Control=no-store&Set-Cookie=session%3Dada"
    with running(cache(backend, CONF.replace("proxy_cache shop;", bad))) as careless:
        assert isinstance(careless, Nginx)
        first, second = (careless.ask(query) for _ in range(2))
    assert second.headers["X-Cache"] == "HIT"
    assert (second.text, second.headers["Set-Cookie"]) == (first.text, "session=ada")
    assert [nginx.ask(query).headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]
