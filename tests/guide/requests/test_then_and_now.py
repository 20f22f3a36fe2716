"""Then and now: docs/guide/requests.md."""

from __future__ import annotations

import importlib
import io

import pytest
from flask import redirect, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

from proven.claims.proofs import proves
from tests.guide.requests.common import SAID, new_app, on_the_page, returned


@proves(
    "guide/uploads",
    "If no variable f exists, this raises NameError: name 'f' is not defined.",
    "Write obj.filename, and remember that nothing may be left of a Chinese name.",
)
def test_the_line_of_the_notes_names_another_variable() -> None:
    message = on_the_page("name 'f' is not defined")
    with pytest.raises(NameError) as caught:
        exec("obj = 1\nsecure_filename(f.filename)", {"secure_filename": secure_filename})
    assert str(caught.value) == message


@proves(
    "guide/uploads",
    "from werkzeug import secure_filename. Today this raises ImportError: cannot import "
    "name 'secure_filename' from 'werkzeug': ….",
)
@proves(
    "guide/responses",
    "from flask import escape, Markup. Today this raises ImportError: cannot import name "
    "'escape' from 'flask': ….",
    "app.json_encoder. Old posts import a base class for it, which today raises "
    "ImportError: cannot import name 'JSONEncoder' from 'flask.json': ….",
)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("werkzeug", "secure_filename"),
        ("flask", "escape"),
        ("flask", "Markup"),
        ("flask.json", "JSONEncoder"),
    ],
)
def test_names_that_cannot_be_imported_any_more(module: str, name: str) -> None:
    with pytest.raises(ImportError) as caught:
        exec(f"from {module} import {name}", {})
    message = f"cannot import name '{name}' from '{module}'"
    assert str(caught.value).startswith(f"{message} (")
    assert f"ImportError: {message}" in SAID or name == "Markup"


@proves("guide/uploads", "Import it from werkzeug.utils.")
@proves(
    "guide/responses",
    "Import both from MarkupSafe: from markupsafe import escape, Markup.",
    "Write a subclass of DefaultJSONProvider (…).",
)
def test_where_the_names_are_now() -> None:
    assert importlib.import_module("werkzeug.utils").secure_filename is secure_filename
    markupsafe = importlib.import_module("markupsafe")
    assert callable(markupsafe.escape)
    assert callable(markupsafe.Markup)


@proves(
    "guide/requests",
    "Today it raises AttributeError: 'Request' object has no attribute 'is_xhr': ….",
)
def test_is_xhr_is_gone() -> None:
    message = on_the_page("'Request' object has no attribute 'is_xhr'")
    with new_app().test_request_context(), pytest.raises(AttributeError) as caught:
        _ = request.is_xhr  # type: ignore[attr-defined]
    assert str(caught.value) == message


@proves(
    "guide/sending-files",
    "send_file. Old posts pass attachment_filename, which today raises TypeError: "
    "send_file() got an unexpected keyword argument 'attachment_filename': ….",
    "The argument is now called download_name, cache_timeout is now max_age, and "
    "add_etags is now etag.",
)
@pytest.mark.parametrize("old", ["attachment_filename", "cache_timeout", "add_etags"])
def test_old_parameters_of_send_file(old: str) -> None:
    message = "send_file() got an unexpected keyword argument 'attachment_filename'"
    on_the_page(message)
    with new_app().test_request_context(), pytest.raises(TypeError) as caught:
        send_file(io.BytesIO(b"x"), **{old: 1})  # type: ignore[arg-type]
    assert str(caught.value) == message.replace("attachment_filename", old)


@proves(
    "guide/sending-files", "send_from_directory() has the parameter path instead of filename (…)."
)
def test_send_from_directory_takes_no_filename() -> None:
    with new_app().test_request_context(), pytest.raises(TypeError):
        send_from_directory("/", filename="x")  # type: ignore[call-arg]


@proves("guide/responses", "Today Flask sends the address as you wrote it: ….")
def test_a_redirect_goes_out_as_written() -> None:
    assert returned(redirect("/x")).headers["Location"] == "/x"
    assert returned(redirect("x")).headers["Location"] == "x"
