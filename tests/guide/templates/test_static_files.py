"""Static files: docs/guide/templates.md."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import url_for

from proven.claims.proofs import proves
from snippets.templates import cache_busting
from tests.guide.templates.common import TEXT, folder_app, get, write


@proves(
    "guide/templates",
    'url_for("static", filename="site.css") builds the URL of a file in the folder static.',
    "It does not check whether the file exists.",
    "By default a browser has to request the file each time, and gets a 304 if it has not changed.",
    "The function of url_defaults() adds v to each URL of a static file, including those "
    "of blueprints, so you do not have to change the templates.",
    "Browsers keep only a URL with v for a year.",
)
def test_the_address_has_the_version_of_the_file() -> None:
    client = cache_busting.app.test_client()
    addresses = re.findall(r'href="(.*?)"', client.get("/").text + client.get("/").text)
    assert addresses[:2] == addresses[2:]
    assert f"GET {addresses[0]} -> 200" in TEXT
    forever = "public, max-age=31536000, immutable"
    for address in addresses[:2]:
        with client.get(address) as kept:
            assert kept.headers["Cache-Control"] == forever
        headers = {"If-None-Match": kept.headers["ETag"]}
        with client.get(address, headers=headers) as again:
            assert (again.status_code, again.headers["Cache-Control"]) == (304, forever)
    assert client.get("/static/missing.css?v=1").headers.get("Cache-Control") is None
    assert client.get("/missing").status_code == 404
    with client.get("/static/site.css") as first:
        assert first.headers["Cache-Control"] == "no-cache"
    headers = {"If-None-Match": first.headers["ETag"]}
    with client.get("/static/site.css", headers=headers) as again:
        assert again.status_code == 304
    with cache_busting.app.test_request_context():
        assert url_for("index") == "/"
        assert url_for("admin.static", filename="admin.css") == addresses[1]
        assert url_for("static", filename="missing.css") == "/static/missing.css"
        assert url_for("static", filename="site.css", v="own") == "/static/site.css?v=own"


@proves(
    "guide/templates", "A browser can keep a file for a year only if the URL changes with the file:"
)
def test_the_address_changes_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_busting.app, "static_folder", str(tmp_path))
    monkeypatch.setattr(cache_busting, "versions", {})
    addresses = []
    for text in ("a", "b", "a"):
        (tmp_path / "site.css").write_text(text)
        # another time each, also where the clock is coarse
        os.utime(tmp_path / "site.css", (1, len(addresses) + 1))
        addresses.append(get(cache_busting.app, "/"))
    assert addresses[0] == addresses[2] != addresses[1]
    assert [time for file, time in cache_busting.versions if file.parent == tmp_path] == [1, 2, 3]


@proves("guide/templates", "SEND_FILE_MAX_AGE_DEFAULT would have the same effect for all URLs.")
def test_the_key_would_keep_every_address(tmp_path: Path) -> None:
    app = folder_app(tmp_path, {})
    write(tmp_path / "static", {"site.css": "x"})
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    with app.test_client().get("/static/site.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"
