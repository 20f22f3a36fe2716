"""The site: headers, HTTPS, static files, a sub-path: docs/guide/behind-nginx.md."""

from __future__ import annotations

import http.client
import socket
import subprocess
from pathlib import Path

import pytest

from proven.claims.proofs import proves
from snippets.behind_nginx import proxied
from tests.guide.behind_nginx.common import (
    PROXIED,
    Nginx,
    certificate,
    nginx,
    on_the_page,
    table,
    with_location,
    written,
)
from tests.guide.deployment.common import module, serving
from tests.servers import Server, running


def test_each_of_three_headers_is_believed_from_one_proxy() -> None:
    sent = {"X-Forwarded-Prefix": "/shop", "X-Forwarded-Proto": "https"}
    sent["X-Forwarded-For"] = "203.0.113.9"
    assert proxied.app.test_client().get("/where", headers=sent).json == {
        "address": "203.0.113.9",
        "link": "https://localhost/shop/where",
        "style": "/shop/static/shop.css",
    }


@proves(
    "guide/behind-nginx",
    "nginx takes the requests from the internet and passes them to the server of your application.",
    "The tests of this page start nginx with the files that you see.",
    "Host | what the client asked for | shop, the name of the upstream",
    "X-Forwarded-For | the address of the client | 127.0.0.1, the address of nginx",
    "X-Forwarded-Proto | http or https | http",
    "X-Forwarded-Prefix | nothing, or the sub-path | no sub-path",
    "Where the application listens.",
)
def test_what_the_application_sees(site: Nginx, gunicorn: Server) -> None:
    host = f"shop.example:{site.port}"
    assert site.ask("/where").json["link"] == f"http://{host}/where"
    assert site.ask("/where").json["address"] == "127.0.0.1"
    none = "\n".join(line for line in written("site.conf").splitlines() if "set_header" not in line)
    with nginx(none, gunicorn.port) as server:
        seen = server.ask("/where").json
    assert seen == {
        "address": "127.0.0.1",
        "link": "http://shop/where",
        "style": "/static/shop.css",
    }
    assert len(table("nginx-headers")) == 4


@proves(
    "guide/behind-nginx",
    "nginx passes on every other header as the client sent it.",
    "So set each header that ProxyFix reads, also if only to the empty value: otherwise, the client sets it.",
    "ProxyFix reads the last three.",
)
def test_the_client_sets_what_nginx_does_not(site: Nginx, gunicorn: Server) -> None:
    lies = {
        "X_Forwarded_For": "192.0.2.1",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Prefix": "/lie",
    }
    honest = site.ask("/where").json
    assert site.ask("/where", **lies).json == honest
    only_host = written("site.conf").replace("proxy_set_header X-", "# ")
    with nginx(only_host, gunicorn.port) as server:
        believed = server.ask("/where", **lies).json
    assert believed["address"] == "192.0.2.1"
    assert believed["link"].startswith("https://")
    assert believed["style"].startswith("/lie/")


@proves(
    "guide/behind-nginx",
    "nginx does not merge proxy_set_header lines: a location that contains one such line "
    "inherits none from the block around it.",
    "proxy_set_header Host $http_host; is missing, or a location has other lines and so does not inherit it.",
    "shop is the name of the upstream.",
)
def test_a_location_with_its_own_line_inherits_none(gunicorn: Server) -> None:
    own = "proxy_set_header X-Mine yes;\n        proxy_pass"
    with nginx(written("site.conf").replace("proxy_pass", own), gunicorn.port) as server:
        assert server.ask("/where").json["link"] == "http://shop/where"


@proves(
    "guide/behind-nginx",
    "$proxy_add_x_forwarded_for in other posts appends the address to what the client has sent.",
    "Both are right with x_for=1, which reads the last value.",
)
def test_an_appended_address_is_as_good(gunicorn: Server) -> None:
    text = written("site.conf").replace("$remote_addr", "$proxy_add_x_forwarded_for")
    with nginx(text, gunicorn.port) as server:
        assert server.ask("/where", X_Forwarded_For="192.0.2.1").json["address"] == "127.0.0.1"


@proves(
    "guide/behind-nginx",
    "All addresses that no other location matches better go to the application.",
    "nginx sends these files itself, without Python, with an ETag, and the browser keeps them for an hour.",
    "flask.url_for() still makes their addresses.",
    "It speaks HTTPS, sends static files, refuses what is too large, and waits for slow clients.",
)
def test_nginx_sends_static_files_itself(site: Nginx) -> None:
    address = site.ask("/where").json["style"]
    answer = site.ask(address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css")
    assert answer.headers["Cache-Control"] == "max-age=3600"
    assert site.ask(address, If_None_Match=answer.headers["ETag"]).status == 304
    with nginx(written("site.conf"), 1) as alone:
        # no application listens
        assert [alone.ask(path).status for path in (address, "/where", "/any")] == [200, 502, 502]


@proves(
    "guide/behind-nginx",
    "A request for any other host gets no response: nginx closes the connection.",
    "An attacker cannot choose the host in your links.",
)
def test_another_host_gets_no_response(site: Nginx) -> None:
    for host in ("evil.example", "127.0.0.1", "localhost", "shop.example.evil.example"):
        with pytest.raises(http.client.RemoteDisconnected):
            site.ask("/where", Host=host)


@proves(
    "guide/behind-nginx",
    "Put the file into /etc/nginx/sites-enabled/, test it with nginx -t, and load it with nginx -s reload.",
)
def test_nginx_tests_and_reloads_its_files(site: Nginx) -> None:
    def run(*words: str) -> str:
        command = site._of(site.port, site.folder)
        return subprocess.run([*command, *words], capture_output=True, text=True).stderr

    assert "test is successful" in run("-t")
    assert run("-s", "reload") == ""
    file = site.folder / "nginx.conf"
    good = file.read_text(encoding="utf-8")
    site._site = site._site.replace("expires", "expire")
    assert 'unknown directive "expire"' in run("-t")
    site._site = site._site.replace("expire ", "expires ")
    file.write_text(good, encoding="utf-8")
    assert site.ask("/where").status == 200


@proves(
    "guide/behind-nginx",
    "For a socket, as in the unit, write server unix:/run/shop/gunicorn.sock;.",
    "With a socket the log says (2: No such file or directory) if it is not there, and (13: "
    "Permission denied) if the user of nginx must not write to it.",
)
def test_a_socket_in_the_place_of_a_port(tmp_path: Path) -> None:
    site = written("site.conf").replace("server 127.0.0.1:8000;", f"server unix:{tmp_path}/g.sock;")
    for folder in [tmp_path, *tmp_path.parents[:3]]:
        if folder.owner() == tmp_path.owner() and folder.name != "tmp":
            folder.chmod(0o755)
    with nginx(site, 1) as server:
        assert server.ask("/where").status == 502
        assert "failed (2: No such file or directory) while connecting to upstream" in server.errors
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(tmp_path / "g.sock"))
            listener.listen()
            (tmp_path / "g.sock").chmod(0)
            assert server.ask("/where").status == 502
            assert "failed (13: Permission denied) while connecting to upstream" in server.errors
        (tmp_path / "g.sock").unlink()

        def start(port: int, folder: Path) -> list[str]:
            from tests.guide.deployment.common import environment

            bind = ["--bind", f"unix:{tmp_path}/g.sock", "--umask", "0"]
            return [*environment(folder), "gunicorn", "--no-control-socket", *bind, PROXIED]

        def ready(port: int) -> None:
            if server.ask("/where").status != 200:
                raise ConnectionError

        with running(Server(start, ready)):
            assert server.ask("/where").json["link"].endswith("/where")
    for message in ("(2: No such file or directory)", "(13: Permission denied)"):
        on_the_page(message)


@proves(
    "guide/behind-nginx",
    "The application needs no certificate.",
    "It sees https in X-Forwarded-Proto, so its links begin with https://, and request.is_secure is true.",
    "The second block redirects with 308, which keeps method and body.",
)
def test_https_ends_at_nginx(gunicorn: Server, tmp_path: Path) -> None:
    certificate(tmp_path)
    upstream = written("site.conf").split("server {\n    listen")[0]
    with nginx(upstream + written("https.conf"), gunicorn.port) as server:
        assert server.ask("/where", secure=True).json["link"].startswith("https://shop.example:")
        answer = server.ask("/upload?a=1", "POST", b"kept")
        assert (answer.status, answer.headers["Location"]) == (
            308,
            "https://shop.example/upload?a=1",
        )
    with proxied.app.test_request_context("/where") as context:
        assert not context.request.is_secure


@proves(
    "guide/behind-nginx",
    "This block stands inside of a server.",
    "The slash at the end of proxy_pass removes /shop/ from the path, and X-Forwarded-Prefix tells "
    "the application where it is.",
    "Links, redirects and static files then begin with /shop:",
    "proxy_pass http://shop; without the slash passes on the path with /shop, which no rule matches.",
)
def test_under_a_sub_path(tmp_path: Path) -> None:
    module(
        tmp_path,
        "redirects",
        "from flask import redirect, url_for\nfrom snippets.behind_nginx.proxied import app\n"
        "@app.get('/go')\ndef go(): return redirect(url_for('where'))\n",
    )
    block = written("sub_path.conf")
    with serving("gunicorn", "redirects:app", path="/where", cwd=tmp_path) as behind:
        with nginx(with_location(block), behind.port) as server:
            seen = server.ask("/shop/where").json
            assert seen["link"] == f"http://shop.example:{server.port}/shop/where"
            assert seen["style"] == "/shop/static/shop.css"
            assert server.ask("/shop/go").headers["Location"] == "/shop/where"
            assert server.ask(seen["style"]).status == 200
        with nginx(with_location(block.replace("shop/;", "shop;")), behind.port) as server:
            assert [server.ask(path).status for path in ("/shop/where", "/shop/go")] == [404, 404]


@proves(
    "guide/behind-nginx",
    "This is what the application makes of the headers that nginx sends:",
)
def test_the_headers_of_the_exchange_are_those_of_the_site(site: Nginx) -> None:
    lines = [line.split() for line in written("site.conf").splitlines() if "set_header" in line]
    assert [line[1] for line in lines] == [row[0].strip("`") for row in table("nginx-headers")]
    assert set(site.ask("/where").json) == {"address", "link", "style"}


@proves(
    "guide/behind-nginx",
    "from werkzeug.contrib.fixers import ProxyFix. This line of old posts fails: ….",
    "Import it from werkzeug.middleware.proxy_fix.",
)
def test_the_old_import_fails() -> None:
    with pytest.raises(ModuleNotFoundError):
        import werkzeug.contrib.fixers  # noqa: F401
    from werkzeug.middleware.proxy_fix import ProxyFix

    assert isinstance(proxied.app.wsgi_app, ProxyFix)
    assert proxied.app.test_client().get("/where").status_code == 200
    assert proxied.app.test_client().post("/upload", data=b"tea").json == {"bytes": 3}
