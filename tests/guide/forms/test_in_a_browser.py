"""In a browser: docs/guide/forms.md."""

from __future__ import annotations

import re
import threading
from typing import Any

from flask import Flask, request
from playwright.sync_api import expect
from werkzeug.serving import make_server
from wtforms import BooleanField, FileField, Form, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from proven.claims.proofs import proves
from snippets.forms import rendering
from tests import needs


@proves(
    "guide/form-patterns",
    "A browser sends only the button that was pressed, so the value of the SubmitField "
    "tells which form was sent.",
    "Without it, the browser sends the name of the file, but not the file.",
    "At most, it gets the name of the file.",
)
@proves(
    "guide/form-fields",
    "A browser sends nothing for an unchecked box, for an empty list or for a button that "
    "was not pressed, so these fields treat missing data as a value:",
)
@proves(
    "guide/forms",
    "The browser checks the attributes required, min and max as well, but a client can "
    "leave these checks out, so the server repeats them.",
    "The attribute aria-describedby names the element that holds the message, so that a "
    "screen reader reads the message together with the field.",
    "With <form novalidate> the browser does not check the form before it sends it.",
)
def test_what_the_page_says_of_browsers() -> None:
    needs.browser()
    app = Flask("forms-browser", static_folder=None)
    received: list[dict[str, Any]] = []

    class Browsed(Form):
        name = StringField("Name", [InputRequired(), Length(min=2)])
        one = SubmitField("One")
        two = SubmitField("Two")
        photo = FileField("Photo")
        box = BooleanField("Box")
        many = SelectMultipleField("Many", choices=["a"])

    @app.get("/<options>")
    def ask(options: str) -> str:
        form, kind = Browsed(), 'enctype="multipart/form-data"' if "files" in options else ""
        form_tag = f"<form method=post action=/ {kind} {'novalidate' if 'free' in options else ''}>"
        return f"{form_tag}{form.name}{form.photo}{form.box}{form.many}{form.one}{form.two}</form>"

    @app.get("/contact")
    def contact() -> str:
        with rendering.app.test_client() as client:
            return client.post("/", data={"mail": "ada"}).text

    @app.post("/")
    def take() -> str:
        received.append({**request.form, "files": list(request.files)})
        return "taken"

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with needs.chromium() as browser:
            page = browser.new_page()

            def send(options: str, name: str, button: str = "#one") -> str:
                page.goto(f"http://127.0.0.1:{server.port}/{options}")
                page.fill("#name", name)
                upload: Any = {"name": "a.png", "mimeType": "image/png", "buffer": b"x"}
                page.set_input_files("#photo", upload)
                page.click(button)
                page.wait_for_load_state()
                return page.inner_text("body")

            # the browser keeps back what is empty, unless it is told not to
            assert send("checked", "") != "taken"
            assert received == []
            assert send("free", "") == "taken"
            # the button that was pressed and not the other, no box or list; a file needs its enctype
            assert send("checked", "ada", "#two") == "taken"
            assert send("files", "ada") == "taken"
            assert received[1:] == [
                {"name": "ada", "two": "Two", "photo": "a.png", "files": []},
                {"name": "ada", "one": "One", "files": ["photo"]},
            ]
            # the message is read out with its field
            page.goto(f"http://127.0.0.1:{server.port}/contact")
            described = {"#name": "This field is required.", "#mail": "We answer to it. Invalid"}
            for field, text in described.items():
                expect(page.locator(field)).to_have_accessible_description(re.compile(f"^{text}"))
            browser.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
