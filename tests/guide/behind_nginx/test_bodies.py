"""Bodies, streams, downloads, and what nginx says when something fails: docs/guide/behind-nginx.md."""

from __future__ import annotations

import http.client
import socket
import time
from pathlib import Path

import pytest
from flask import Flask, send_file

from proven.claims.proofs import proves
from snippets.behind_nginx import downloads, streamed
from tests.guide.behind_nginx.common import (
    PROXIED,
    Nginx,
    nginx,
    on_the_page,
    with_location,
    written,
)
from tests.guide.deployment.common import fetch, module, serving
from tests.servers import Server, wait_for


@proves(
    "guide/behind-nginx",
    "client_max_body_size is 1 MB if left out.",
    "A larger body gets 413 from nginx, before the application hears of the request, and your "
    "error page for 413 is not shown.",
    "The body is larger than client_max_body_size.",
)
def test_nginx_refuses_a_large_body(site: Nginx, gunicorn: Server) -> None:
    left_out = written("site.conf").replace("client_max_body_size 1m;", "")
    with nginx(left_out, gunicorn.port) as other:
        for server in (site, other):
            assert server.ask("/upload", "POST", b"x" * 1_048_576).json == {"bytes": 1_048_576}
            answer = server.ask("/upload", "POST", b"x" * 1_048_577)
            assert answer.status == 413
            assert "413 Request Entity Too Large" in answer.text
            assert "<center>nginx" in answer.text
        assert other.ask("/upload", "POST", b"x" * 2_000_000).status == 413
        assert on_the_page("client intended to send too large body: 2000000 bytes") in other.errors


@proves(
    "guide/behind-nginx",
    "Set MAX_CONTENT_LENGTH in Flask to less, if you want your own page for bodies between the two.",
    "If the log of nginx has no such line, the 413 came from Flask.",
)
def test_the_limit_of_flask_below_it(tmp_path: Path) -> None:
    module(
        tmp_path,
        "limited",
        "from snippets.behind_nginx.proxied import app\napp.config['MAX_CONTENT_LENGTH'] = 1000\n"
        "app.register_error_handler(413, lambda error: ('own page', 413))\n",
    )
    with (
        serving("gunicorn", "limited:app", path="/where", cwd=tmp_path) as behind,
        nginx(written("site.conf"), behind.port) as server,
    ):
        answer = server.ask("/upload", "POST", b"x" * 2000)
        assert (answer.status, answer.text) == (413, "own page")
        assert "too large body" not in server.errors


def half_a_request(port: int) -> socket.socket:
    """Begin to send a body and stop in its middle, as a client on a slow line does."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    head = f"POST /upload HTTP/1.1\r\nHost: shop.example:{port}\r\nContent-Length: 10\r\n\r\n"
    connection.sendall(head.encode() + b"12345")
    return connection


@proves(
    "guide/behind-nginx",
    "nginx reads the whole body first and then calls the application.",
    "So a client on a slow line does not occupy a worker.",
    "Without nginx, one such client stops a worker without threads, and a few clients stop them all.",
)
@proves(
    "guide/frontend",
    "Behind nginx, the bar shows how fast the file reaches nginx, which stores it first.",
)
def test_a_slow_client_occupies_no_worker(site: Nginx, gunicorn: Server) -> None:
    with half_a_request(site.port) as slow:
        time.sleep(0.2)
        assert site.ask("/where").status == 200
        slow.sendall(b"67890")
        assert b'{"bytes":10}' in slow.recv(65536)
    with half_a_request(gunicorn.port) as slow:
        time.sleep(0.2)
        waiting = http.client.HTTPConnection("127.0.0.1", gunicorn.port, timeout=1)
        waiting.request("GET", "/where")
        with pytest.raises(TimeoutError):
            waiting.getresponse()
        waiting.close()
        slow.sendall(b"67890")
        assert b"200 OK" in slow.recv(65536)
    assert fetch(gunicorn.port, "/where")[0] == 200


def between_the_lines(port: int, path: str) -> float:
    """Return the seconds between the arrival of the first and of the last line."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": f"shop.example:{port}"})
    answer = connection.getresponse()
    assert answer.readline() == b"first\n"
    first = time.monotonic()
    assert answer.readline() == b"last\n"
    connection.close()
    return time.monotonic() - first


@proves(
    "guide/behind-nginx",
    "nginx also collects the response of the application, and sends it on in large pieces.",
    "The client then receives all lines at once, when the stream ends.",
    "The header X-Accel-Buffering: no in a response turns this off for it:",
)
def test_a_stream_arrives_line_by_line_with_the_header() -> None:
    client = streamed.app.test_client()
    assert client.get("/lines").text == client.get("/lines?now").text == "first\nlast\n"
    with (
        serving("gunicorn", "snippets.behind_nginx.streamed:app", path="/lines") as behind,
        nginx(written("site.conf"), behind.port) as server,
    ):
        assert between_the_lines(server.port, "/lines?pause=0.6") < 0.3
        assert between_the_lines(server.port, "/lines?pause=0.6&now") > 0.4


@proves(
    "guide/behind-nginx",
    "The application decides who may have a file, and nginx sends it, so the worker is free at once:",
    "nginx replaces the response by the file.",
    "internal makes it respond with 404 to a client that asks for /files/7.pdf itself.",
)
def test_nginx_sends_what_the_application_allows() -> None:
    assert downloads.app.test_client().get("/reports/7").status_code == 401
    known = {"Authorization": "Basic YWRhOnRlYQ=="}
    answer = downloads.app.test_client().get("/reports/7", headers=known)
    assert answer.headers["X-Accel-Redirect"] == "/files/7.pdf"
    site = with_location(written("files.conf"))
    with (
        serving("gunicorn", "snippets.behind_nginx.downloads:app") as behind,
        nginx(site, behind.port) as server,
    ):
        (server.folder / "files").mkdir()
        (server.folder / "files" / "7.pdf").write_text("the report", encoding="utf-8")
        sent = server.ask("/reports/7", **known)
        assert (sent.status, sent.text) == (200, "the report")
        assert "X-Accel-Redirect" not in sent.headers
        assert server.ask("/reports/7").status == 401
        assert server.ask("/files/7.pdf").status == 404
        assert server.ask("/files/7.pdf", **known).status == 404


@proves(
    "guide/behind-nginx",
    "The configuration key USE_X_SENDFILE sets X-Sendfile, which is for other servers: behind "
    "nginx, the client gets no file.",
)
def test_use_x_sendfile_is_not_for_nginx(tmp_path: Path) -> None:
    tmp_path.joinpath("7.pdf").write_text("the report", encoding="utf-8")
    app = Flask("files", root_path=str(tmp_path))
    app.config["USE_X_SENDFILE"] = True
    app.add_url_rule("/", "file", lambda: send_file("7.pdf"))
    with app.test_client().get("/") as response:
        assert response.headers["X-Sendfile"] == str(tmp_path / "7.pdf")
        assert response.data == b""
    module(
        tmp_path,
        "sends",
        "from flask import Flask, send_file\napp = Flask('sends', root_path='.')\n"
        "app.config['USE_X_SENDFILE'] = True\n"
        "@app.get('/')\ndef file(): return send_file('7.pdf')\n",
    )
    with (
        serving("gunicorn", "sends:app", path="/nothing", cwd=tmp_path) as behind,
        nginx(written("site.conf"), behind.port) as server,
        pytest.raises(http.client.IncompleteRead, match="0 bytes read, 10 more expected"),
    ):
        server.ask("/")


@proves(
    "guide/behind-nginx",
    "nginx opens a connection of its own to the application for each request, with HTTP/1.0 if you "
    "do not set another version.",
    "All that the application knows of the client is in the headers, and ProxyFix writes them into the environ:",
)
def test_nginx_opens_a_connection_of_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        with nginx(written("site.conf"), listener.getsockname()[1]) as server:
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            seen = []
            for path in ("/first", "/second"):
                client.request("GET", path, headers={"Host": f"shop.example:{server.port}"})
                own, _ = listener.accept()
                with own:
                    seen.append(own.recv(65536).splitlines()[0])
                    own.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")
                client.getresponse().read()
            client.close()
    assert seen == [b"GET /first HTTP/1.0", b"GET /second HTTP/1.0"]


@proves(
    "guide/behind-nginx",
    "What the client sees is a page of nginx.",
    "The cause stands in its log of errors, usually /var/log/nginx/error.log.",
    "Nothing listens at the address of the upstream: Gunicorn is not running, or has another port.",
)
def test_nothing_listens() -> None:
    with nginx(written("site.conf"), 1) as server:
        answer = server.ask("/where")
        assert answer.status == 502
        assert on_the_page("502 Bad Gateway") in answer.text
        message = "connect() failed (111: Connection refused) while connecting to upstream"
        assert on_the_page(message) in server.errors


@proves(
    "guide/behind-nginx",
    "The headers of the response are larger than 4 KB in sum, in most cases because of a large session cookie.",
    "Store less in the session, use a session on the server, or set proxy_buffer_size 8k;.",
)
def test_headers_that_are_too_big(tmp_path: Path) -> None:
    module(
        tmp_path,
        "large",
        "from flask import Flask, session\napp = Flask('large')\napp.secret_key = 'dev'\n"
        "import random\nrandom.seed(1)\n"
        "@app.get('/<int:size>')\ndef large(size):\n"
        "    session['cart'] = random.randbytes(size).hex()\n    return 'stored'\n",
    )
    message = "upstream sent too big header while reading response header from upstream"
    with serving("gunicorn", "large:app", cwd=tmp_path) as behind:
        with nginx(written("site.conf"), behind.port) as server:
            assert [server.ask(f"/{size}").status for size in (1000, 2850)] == [200, 502]
            assert on_the_page(message) in server.errors
        larger = written("site.conf").replace("client_max", "proxy_buffer_size 8k; client_max")
        with nginx(larger, behind.port) as server:
            assert server.ask("/2850").status == 200


@proves(
    "guide/behind-nginx",
    "The view took longer than proxy_read_timeout.",
    "It goes on all the same, and its result is lost.",
)
def test_a_view_that_takes_too_long(tmp_path: Path) -> None:
    done = tmp_path / "done"
    module(
        tmp_path,
        "late",
        "import time\nfrom pathlib import Path\nfrom flask import Flask\napp = Flask('late')\n"
        "@app.get('/late')\ndef late():\n    time.sleep(1.5)\n    Path('done').touch()\n    return ''\n",
    )
    short = written("site.conf").replace("client_max", "proxy_read_timeout 1s; client_max")
    with (
        serving("gunicorn", "late:app", cwd=tmp_path) as behind,
        nginx(short, behind.port) as server,
    ):
        answer = server.ask("/late")
        assert answer.status == 504
        assert on_the_page("504 Gateway Time-out") in answer.text
        message = "upstream timed out (110: Connection timed out) while reading response header from upstream"
        assert on_the_page(message) in server.errors
        assert not done.exists()
        wait_for(done.exists)


@proves(
    "guide/behind-nginx",
    "The user of nginx must be able to read the file and to enter each folder above it.",
)
def test_files_that_nginx_must_not_read(site: Nginx) -> None:
    static = site.folder / "static"
    said = []
    for closed in (static / "shop.css", static):
        mode = closed.stat().st_mode
        closed.chmod(0)
        answer = site.ask("/static/shop.css")
        said.append((answer.status, "403 Forbidden" in answer.text))
        closed.chmod(mode)
    assert said == [(403, True)] * 2
    message = f'open() "{static}/shop.css" failed (13: Permission denied)'
    assert site.errors.count(message) == 2
    on_the_page(message.replace(str(site.folder), "/srv/shop"))


@proves(
    "guide/behind-nginx",
    "include uwsgi_params; uwsgi_pass ...;. Old posts use the protocol of uWSGI.",
    "Gunicorn and Waitress speak HTTP: write proxy_pass.",
)
@pytest.mark.parametrize("program", ["gunicorn", "waitress-serve"])
def test_the_protocol_of_uwsgi_is_another(program: str) -> None:
    old = written("site.conf").replace(
        "proxy_pass http://shop;",
        "include /etc/nginx/uwsgi_params; uwsgi_pass shop; uwsgi_read_timeout 1s;",
    )
    with serving(program, PROXIED, path="/where") as behind:
        with nginx(old, behind.port) as server:
            assert server.ask("/where").status in {502, 504}
        with nginx(written("site.conf"), behind.port) as server:
            assert server.ask("/where").status == 200
