"""Static files, JSON, parts and pictures, as the test client gets them: docs/guide/frontend.md."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template_string, send_file, url_for

from proven.claims.proofs import proves
from snippets.frontend import chart, partial, progress, release, sending, single_page, smallest
from tests.guide.frontend.common import on_the_page

ASSET = f"/assets/{next(single_page.DIST.glob('assets/*.js')).name}"


def cached(app: Flask, path: str) -> str | None:
    return app.test_client().get(path, buffered=True).headers.get("Cache-Control")


@proves(
    "guide/frontend",
    "The page tells the script the address, in an attribute that begins with data-.",
    "So url_for() builds it, and the script also works where the application has a prefix.",
    "Without a script in the page itself, you can forbid such scripts with a policy.",
)
def test_the_address_in_the_page() -> None:
    client = smallest.app.test_client()
    assert 'data-url="/api/stock"' in client.get("/").text
    assert 'data-url="/shop/api/stock"' in client.get("/", base_url="http://x/shop").text
    assert client.get("/api/stock").json == {"left": 5}
    # no script in the page itself
    assert "<script src=" in smallest.PAGE
    assert smallest.PAGE.count("<script") == 1


@proves(
    "guide/frontend",
    "This application adds its release to the URL of each static file:",
    "url_defaults() covers the templates of all blueprints.",
    "A release number changes the URLs of all files with each release.",
    "Before two releases run side by side, as in a rolling update, see what keep does: a "
    "file of another release is not kept.",
)
def test_the_release_in_the_address() -> None:
    app = release.create_app("7")
    other = Blueprint("admin", __name__, static_folder="static", url_prefix="/admin")
    app.register_blueprint(other)
    with app.test_request_context():
        assert url_for("static", filename="shop.css") == "/static/shop.css?v=7"
        assert url_for("admin.static", filename="a.css") == "/admin/static/a.css?v=7"
        assert url_for("static", filename="shop.css", v="1") == "/static/shop.css?v=1"
        assert url_for("index") == "/"
        line = "{{ url_for('admin.static', filename='a.css') }}"
        assert render_template_string(line) == "/admin/static/a.css?v=7"
    kept = "public, max-age=31536000, immutable"
    assert cached(app, "/static/shop.css?v=7") == kept
    for address in ("/static/shop.css", "/static/shop.css?v=6"):
        assert cached(app, address) == "no-cache"
    assert cached(app, "/static/none.css?v=7") is None
    answer = app.test_client().get("/static/shop.css?v=7", buffered=True)
    again = app.test_client().get(
        "/static/shop.css?v=7", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True
    )
    assert (again.status_code, again.headers["Cache-Control"]) == (304, kept)


@proves(
    "guide/frontend",
    "Tools and old links ask for /favicon.ico all the same, so the application has this "
    "address too:",
)
def test_the_icon() -> None:
    answer = release.create_app().test_client().get("/favicon.ico", buffered=True)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_errors_are_json_in_the_api_only() -> None:
    client = sending.create_app().test_client()
    assert client.post("/api/notes", json={"title": "x"}).json == {
        "error": "The CSRF token is missing."
    }
    assert client.get("/nowhere").mimetype == "text/html"
    client.application.config["WTF_CSRF_ENABLED"] = False
    made = client.post("/api/notes", json={"title": "x"})
    assert (made.status_code, made.json) == (201, {"title": "x", "number": 1})


@proves("guide/frontend", "So one view can send both, the page and the part:")
def test_a_part_and_the_page() -> None:
    client = partial.app.test_client()
    whole = client.get("/teas?q=<b>")
    part = client.get("/teas?q=ass", headers={"HX-Request": "true"})
    assert "<!doctype html>" in whole.text
    assert "&lt;b&gt;" in whole.text
    assert part.text == "<ul>\n  <li>Assam</li>\n</ul>"
    assert part.text in client.get("/teas?q=ass").text
    assert {whole.headers["Vary"], part.headers["Vary"]} == {"HX-Request"}
    assert "<form" in whole.text
    bought = client.post("/teas/3/buy")
    assert bought.headers["HX-Trigger"] == "cart-changed"
    assert bought.text == '<p role="status">Tea 3 is in the cart.</p>'


@proves("guide/frontend", "What a visitor has written is escaped in a part as in a page.")
def test_a_part_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial, "TEAS", ["<script>alert(1)</script>"])
    client = partial.app.test_client()
    for headers in ({}, {"HX-Request": "true"}):
        text = client.get("/teas", headers=headers).text
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text


@proves(
    "guide/frontend",
    "So the server sends index.html for every address that it does not know.",
    "The API must not do so:",
    "request.url_rule is None if no rule has matched, so a file that is missing stays a 404.",
    "index.html itself has no hash, and no-cache lets the browser ask for it each time: "
    "it names the files of the new release.",
    "Let the folder of the scripts respond with 404.",
)
@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/", 200, "text/html"),
        ("GET", "/teas/3/notes", 200, "text/html"),
        ("HEAD", "/teas/3", 200, "text/html"),
        ("POST", "/teas/3", 404, "text/html"),
        ("GET", ASSET, 200, "text/javascript"),
        ("GET", "/assets/none.js", 404, "text/html"),
        ("GET", "/assets/../single_page.py", 404, "text/html"),
        ("GET", "/api/teas/3", 200, "application/json"),
        ("GET", "/api/teas/9", 404, "application/json"),
        ("GET", "/api/nowhere", 404, "application/json"),
        ("POST", "/api/nowhere", 404, "application/json"),
        ("GET", "/api/", 404, "application/json"),
        ("POST", "/api/teas/3", 405, "application/json"),
    ],
)
def test_the_single_page(method: str, path: str, status: int, kind: str) -> None:
    answer = single_page.create_app().test_client().open(path, method=method, buffered=True)
    assert (answer.status_code, answer.mimetype) == (status, kind)
    if status == 405:
        assert "GET" in answer.headers["Allow"]
    if status == 200 and kind == "text/html":
        assert answer.headers["Cache-Control"] == "no-cache"
    kept = answer.headers.get("Cache-Control") == "public, max-age=31536000, immutable"
    assert kept is (path == ASSET)


def test_a_fault_in_the_api_is_json_too() -> None:
    app = single_page.create_app()
    app.get("/api/broken")(lambda: str(1 // 0))
    answer = app.test_client().get("/api/broken")
    assert answer.status_code == 500
    assert answer.json
    assert "ZeroDivision" not in answer.text


@proves(
    "guide/frontend",
    "Many posts use a rule for everything instead, /<path:path>.",
    "It matches the path of any request, so a POST to an unknown address of the API gets "
    "405 instead of 404.",
)
def test_a_rule_for_everything() -> None:
    app = Flask("shop")
    app.add_url_rule("/", "page", lambda path="": "index.html")
    app.add_url_rule("/<path:path>", "page")
    app.add_url_rule("/api/teas", "teas", lambda: "teas")
    client = app.test_client()
    assert client.get("/teas/3").text == "index.html"
    assert client.post("/api/nowhere").status_code == 405


@proves(
    "guide/frontend",
    "The rule for static files is /<path:filename> then, and was there before yours.",
    "Choose another address for the files, such as /assets.",
)
def test_static_files_at_the_root(tmp_path: Path) -> None:
    for address, found in (("", 404), ("/assets", 200)):
        app = Flask("shop", static_folder=str(tmp_path), static_url_path=address)
        app.add_url_rule("/<path:path>", "page", lambda path: "index.html")
        assert app.test_client().get("/teas/3").status_code == found
    rules = [rule.rule for rule in Flask("shop", static_url_path="").url_map.iter_rules()]
    assert rules == [on_the_page("/<path:filename>")]


def read_png(data: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and rows of a picture as this site writes them, having checked each sum."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place, found = 8, {}
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        (check,) = struct.unpack(">I", data[place + 8 + size : place + 12 + size])
        assert check == zlib.crc32(kind + body)
        found[kind] = body
        place += 12 + size
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    pixels = zlib.decompress(found[b"IDAT"])
    rows = [pixels[n * (width + 1) + 1 : (n + 1) * (width + 1)] for n in range(height)]
    return width, height, rows


@proves(
    "guide/frontend",
    "send_file() takes an object with bytes instead of a file:",
    "The view limits what it draws, because the client chooses the values.",
)
def test_a_picture() -> None:
    client = chart.app.test_client()
    answer = client.get("/chart.png?value=12&value=40", buffered=True)
    assert answer.mimetype == "image/png"
    width, height, rows = read_png(answer.data)
    assert (width, height) == (16, 40)
    assert [row[0] for row in rows].count(0) == 12
    assert [row[8] for row in rows].count(0) == 40
    assert rows[-1] == bytes(16)
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/chart.png?value=12&value=40", headers=tag).status_code == 304
    assert client.get("/chart.png?value=13&value=40", headers=tag).status_code == 200
    hostile = "/chart.png?" + "&".join(["value=99999999"] * 5000)
    assert read_png(client.get(hostile).data)[:2] == (800, 40)
    assert read_png(client.get("/chart.png?value=-3&value=x").data)[:2] == (8, 40)
    assert client.get("/chart.png").data == client.get("/chart.png?value=0").data


@proves(
    "guide/frontend",
    "An object has no name and no date.",
    "So pass the mimetype, and an etag if the browser is to ask whether the picture has changed.",
    "The BytesIO was closed before Flask has sent it, for example by with BytesIO() as "
    "buffer: around send_file.",
    "Leave it open.",
    "Flask closes it.",
    "The position of the BytesIO is at its end.",
)
def test_an_object_without_a_name() -> None:
    app = Flask("shop")

    @app.get("/closed")
    def closed() -> object:
        with BytesIO(b"picture") as buffer:
            return send_file(buffer, mimetype="image/png")

    @app.get("/at-its-end")
    def at_its_end() -> object:
        buffer = BytesIO()
        buffer.write(b"picture")
        return send_file(buffer, mimetype="image/png")

    @app.get("/right")
    def right() -> object:
        opened.append(BytesIO(b"picture"))
        return send_file(opened[-1], mimetype="image/png")

    opened: list[BytesIO] = []
    client = app.test_client()
    with pytest.raises(ValueError, match="closed file") as error:
        client.get("/closed").get_data()
    on_the_page(f"`ValueError: {error.value}`")
    assert client.get("/at-its-end").data == b""
    answer = client.get("/right")
    assert answer.data == b"picture"
    assert not {"ETag", "Last-Modified"} & set(answer.headers.keys())
    answer.close()
    assert opened[0].closed


@proves("guide/frontend", "A file that is too large is refused with 413.")
def test_an_upload() -> None:
    client = progress.app.test_client()
    sent = {"file": (BytesIO(b"x" * 200_000), "a.bin")}
    answer = client.post("/files", data=sent)
    assert (answer.status_code, answer.json) == (201, {"size": 200_000})
    assert client.post("/files").status_code == 400
    announced = {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(progress.LIMIT + 1),
    }
    answer = client.post("/files", environ_overrides=announced)
    assert (answer.status_code, answer.json) == (413, {"error": "The file is too large."})
    assert f'data-limit="{progress.LIMIT}"' in client.get("/").text


@proves(
    "guide/frontend",
    "/static/<path:filename> is a rule like any other, and its view, send_static_file(), "
    "calls send_from_directory().",
    "That one compares the ETag, which is made of the time of the file, its size and its path.",
    "Where get_send_file_max_age() returns None, the response has no-cache.",
)
def test_the_rule_of_static_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask("shop", static_folder=str(tmp_path), static_url_path="/static")
    tmp_path.joinpath("a.css").write_text("b {}")
    (rule,) = app.url_map.iter_rules()
    assert rule.rule == on_the_page("/static/<path:filename>")
    seen: list[str] = []
    real = app.send_static_file
    monkeypatch.setattr(
        app, "send_static_file", lambda filename: (seen.append(filename), real(filename))[1]
    )
    first = app.test_client().get("/static/a.css", buffered=True)
    assert seen == ["a.css"]
    with app.app_context():
        assert app.get_send_file_max_age("a.css") is None
    assert first.headers["Cache-Control"] == "no-cache"
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 60
    with app.app_context():
        assert app.get_send_file_max_age("a.css") == 60
    assert cached(app, "/static/a.css") == "public, max-age=60"
    tag = first.headers["ETag"]
    assert tag.split("-")[1] == "4"
    import os

    os.utime(tmp_path / "a.css", (1, 1))
    assert app.test_client().get("/static/a.css", buffered=True).headers["ETag"] != tag


@proves(
    "guide/frontend",
    "It still works in templates, and not in views.",
    "@app.url_defaults covers both.",
)
def test_another_url_for() -> None:
    app = Flask("shop")
    app.context_processor(lambda: {"url_for": lambda endpoint, **values: "own"})
    with app.test_request_context():
        assert render_template_string("{{ url_for('static', filename='a') }}") == "own"
        assert url_for("static", filename="a") == "/static/a"
        app.url_defaults(lambda endpoint, values: values.setdefault("v", 7))
        assert url_for("static", filename="a") == "/static/a?v=7"
