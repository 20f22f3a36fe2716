"""What replaces the names that Werkzeug gave up does the job."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import tempfile
import time
import urllib.parse
from typing import Any

import cachelib
import flask
import pytest
import werkzeug.exceptions
from flask import Flask, request
from werkzeug.datastructures import FileStorage, Headers, ImmutableMultiDict, MultiDict
from werkzeug.local import LocalProxy, LocalStack
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.profiler import ProfilerMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import Client
from werkzeug.utils import import_string, secure_filename

from tests.site.releases.proofs.register import SETTINGS, proves


@proves("werkzeug.utils.secure_filename", "werkzeug.secure_filename")
def a_file_name_is_made_safe() -> None:
    assert secure_filename("../../etc/passwd") == "etc_passwd"


@proves("werkzeug.utils.import_string", "werkzeug.import_string")
def a_name_is_imported() -> None:
    assert import_string("json.loads") is json.loads


@proves("werkzeug.security.generate_password_hash", "werkzeug.generate_password_hash")
def a_password_is_hashed() -> None:
    assert generate_password_hash("tea") != generate_password_hash("tea")


@proves("werkzeug.security.check_password_hash", "werkzeug.check_password_hash")
def a_password_is_checked() -> None:
    hashed = generate_password_hash("tea")
    assert check_password_hash(hashed, "tea") is True
    assert check_password_hash(hashed, "coffee") is False


@proves("hmac.compare_digest", "werkzeug.security.safe_str_cmp")
def strings_are_compared_in_constant_time() -> None:
    assert hmac.compare_digest("tea", "tea") is True
    assert hmac.compare_digest("tea", "tee") is False


@proves("hashlib.pbkdf2_hmac", "werkzeug.security.pbkdf2_bin", "werkzeug.security.pbkdf2_hex")
def the_standard_library_derives_keys() -> None:
    # The first test vector of RFC 6070.
    key = hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 1)
    assert key.hex() == "0c60c80f961f0e71f3a9b524af6012062fe037a6"


@proves("werkzeug.datastructures.MultiDict", "werkzeug.MultiDict")
def a_multi_dict_keeps_all_values() -> None:
    assert MultiDict([("a", 1), ("a", 2)]).getlist("a") == [1, 2]


@proves("werkzeug.datastructures.ImmutableMultiDict", "werkzeug.ImmutableMultiDict")
def an_immutable_multi_dict_refuses_changes() -> None:
    with pytest.raises(TypeError):
        ImmutableMultiDict({"a": 1})["a"] = 2


@proves("werkzeug.datastructures.Headers", "werkzeug.Headers")
def headers_ignore_case() -> None:
    assert Headers({"Content-Type": "text/plain"})["content-type"] == "text/plain"


@proves("werkzeug.datastructures.FileStorage", "werkzeug.FileStorage")
def an_upload_is_read() -> None:
    assert FileStorage(io.BytesIO(b"tea"), "tea.txt").read() == b"tea"


@proves("werkzeug.local.LocalProxy", "werkzeug.LocalProxy")
def a_proxy_follows_its_function() -> None:
    values = ["tea"]
    proxy = LocalProxy(lambda: values[-1])
    values.append("coffee")
    assert proxy == "coffee"


@proves("werkzeug.local.LocalStack", "werkzeug.LocalStack")
def a_stack_has_a_top() -> None:
    stack: LocalStack[str] = LocalStack()
    stack.push("tea")
    assert stack.top == "tea"
    assert stack.pop() == "tea"


@proves("flask.abort", "werkzeug.abort")
def abort_raises() -> None:
    with pytest.raises(werkzeug.exceptions.NotFound):
        flask.abort(404)


@proves("flask.redirect", "werkzeug.redirect")
def redirect_answers_302() -> None:
    response = flask.redirect("/tea")
    assert (response.status_code, response.headers["Location"]) == (302, "/tea")


def _mounted(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["SCRIPT_NAME"].encode()]


@proves(
    "werkzeug.middleware.dispatcher.DispatcherMiddleware",
    *("werkzeug.DispatcherMiddleware", "werkzeug.wsgi.DispatcherMiddleware"),
)
def the_dispatcher_mounts_an_application() -> None:
    app = DispatcherMiddleware(_mounted, {"/shop": _mounted})
    assert Client(app).get("/shop/tea").text == "/shop"


@proves(
    "werkzeug.middleware.shared_data.SharedDataMiddleware",
    *("werkzeug.SharedDataMiddleware", "werkzeug.wsgi.SharedDataMiddleware"),
)
def shared_data_serves_files() -> None:
    app = SharedDataMiddleware(_mounted, {"/files": str(SETTINGS.parent)})
    with Client(app).get(f"/files/{SETTINGS.name}") as response:
        assert response.json == {"SHOP_NAME": "阿达"}


@proves("werkzeug.middleware.proxy_fix.ProxyFix", "werkzeug.contrib.fixers.ProxyFix")
def the_address_behind_a_proxy_is_found() -> None:
    app = Flask("shop")
    app.add_url_rule("/", "index", lambda: str(request.remote_addr))
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    response = app.test_client().get("/", headers={"X-Forwarded-For": "203.0.113.7"})
    assert response.text == "203.0.113.7"


@proves(
    "werkzeug.middleware.profiler.ProfilerMiddleware",
    "werkzeug.contrib.profiler.ProfilerMiddleware",
)
def requests_are_profiled() -> None:
    stream = io.StringIO()
    with Client(ProfilerMiddleware(_mounted, stream=stream)).get("/tea"):
        pass
    assert "PATH: '/tea'" in stream.getvalue()


@proves("werkzeug.wrappers.Request", "werkzeug.wrappers.BaseRequest")
def a_request_reads_its_environment() -> None:
    environ = werkzeug.test.create_environ("/tea?size=big")
    assert werkzeug.wrappers.Request(environ).args["size"] == "big"


@proves("werkzeug.wrappers.Response", "werkzeug.wrappers.BaseResponse")
def a_response_is_an_application() -> None:
    assert Client(werkzeug.wrappers.Response("tea")).get("/").text == "tea"


@proves(
    'request.headers.get("X-Requested-With") == "XMLHttpRequest"',
    "werkzeug.wrappers.Request.is_xhr",
)
def a_header_tells_requests_of_scripts() -> None:
    app = Flask("shop")
    with app.test_request_context(headers={"X-Requested-With": "XMLHttpRequest"}):
        assert request.headers.get("X-Requested-With") == "XMLHttpRequest"
    with app.test_request_context():
        assert request.headers.get("X-Requested-With") is None


QUOTED = "早 tea&a/b"


@proves("urllib.parse.quote", "werkzeug.url_quote", "werkzeug.urls.url_quote")
def text_is_quoted() -> None:
    assert urllib.parse.quote(QUOTED) == "%E6%97%A9%20tea%26a/b"


@proves("urllib.parse.quote_plus", "werkzeug.urls.url_quote_plus")
def text_is_quoted_with_plus() -> None:
    assert urllib.parse.quote_plus(QUOTED) == "%E6%97%A9+tea%26a%2Fb"


@proves("urllib.parse.unquote", "werkzeug.urls.url_unquote")
def text_is_unquoted() -> None:
    assert urllib.parse.unquote(urllib.parse.quote(QUOTED)) == QUOTED


@proves("urllib.parse.unquote_plus", "werkzeug.urls.url_unquote_plus")
def text_is_unquoted_with_plus() -> None:
    assert urllib.parse.unquote_plus(urllib.parse.quote_plus(QUOTED)) == QUOTED


@proves("urllib.parse.urlencode", "werkzeug.url_encode", "werkzeug.urls.url_encode")
def a_query_is_encoded() -> None:
    assert urllib.parse.urlencode({"tag": ["tea", "早"]}, doseq=True) == "tag=tea&tag=%E6%97%A9"


@proves("urllib.parse.parse_qs", "werkzeug.urls.url_decode")
def a_query_is_decoded() -> None:
    assert urllib.parse.parse_qs("tag=tea&tag=%E6%97%A9") == {"tag": ["tea", "早"]}


@proves("urllib.parse.urlsplit", "werkzeug.urls.url_parse")
def an_address_is_taken_apart() -> None:
    parts = urllib.parse.urlsplit("https://shop.example/tea?size=big#top")
    assert (parts.netloc, parts.path, parts.query) == ("shop.example", "/tea", "size=big")


@proves("urllib.parse.urljoin", "werkzeug.urls.url_join")
def addresses_are_joined() -> None:
    assert (
        urllib.parse.urljoin("https://shop.example/tea/", "green")
        == "https://shop.example/tea/green"
    )


@proves("cachelib.SimpleCache", "werkzeug.contrib.cache.SimpleCache")
def a_simple_cache_keeps_values() -> None:
    cache = cachelib.SimpleCache()
    cache.set("tea", "green", timeout=60)
    assert cache.get("tea") == "green"


@proves("cachelib.FileSystemCache", "werkzeug.contrib.cache.FileSystemCache")
def a_cache_of_files_keeps_values() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cachelib.FileSystemCache(folder).set("tea", "green")
        assert cachelib.FileSystemCache(folder).get("tea") == "green"


class FakeRedis:
    """As much of a Redis client as the cache asks for."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def set(self, name: str, value: bytes, ex: int) -> bool:
        self.values[name] = value
        return True

    def get(self, name: str) -> bytes | None:
        return self.values.get(name)


@proves("cachelib.RedisCache", "werkzeug.contrib.cache.RedisCache")
def a_redis_cache_hands_values_to_its_client() -> None:
    cache = cachelib.RedisCache(host=FakeRedis(), key_prefix="shop:")
    assert cache.set("tea", "green", timeout=60) is True
    assert cache.get("tea") == "green"
    assert list(cache._write_client.values) == ["shop:tea"]


class FakeMemcached:
    """As much of a Memcached client as the cache asks for."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def set(self, key: str, value: Any, timeout: int) -> bool:
        self.values[key] = (value, timeout > time.time())
        return True

    def get(self, key: str) -> Any:
        return self.values.get(key, (None, False))[0]

    def get_multi(self, keys: list[str]) -> dict[str, Any]:
        return {key: self.get(key) for key in keys}

    def delete(self, key: str) -> bool:
        return self.values.pop(key, None) is not None


@proves("cachelib.MemcachedCache", "werkzeug.contrib.cache.MemcachedCache")
def a_memcached_cache_hands_values_to_its_client() -> None:
    client = FakeMemcached()
    cache = cachelib.MemcachedCache(client, key_prefix="shop:")
    assert cache.set("tea", "green", timeout=60)
    assert cache.get("tea") == "green"
    assert client.values == {"shop:tea": ("green", True)}
