"""Uploads: docs/guide/uploads.md."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, request
from flask.debughelpers import DebugFilesKeyError
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from proven.claims.proofs import proves
from snippets.requests import uploads
from tests.guide.requests.common import app_of, multipart, new_app, on_the_page, send, upload


@proves(
    "guide/uploads",
    "So the view chooses the name on the disk, accepts only certain extensions, and sends "
    "the files as downloads.",
    "Store the file under a name that your application chooses, store the name from the "
    "user in the database, and send it as download_name, as the snippet above does.",
)
def test_an_upload_gets_a_name_of_ours_and_keeps_its_own_for_people(files: Flask) -> None:
    browser = files.test_client()
    for number, name in enumerate(("头像.png", "照片.PNG", "../../app.pdf"), 1):
        answer = browser.post("/files", data={"file": upload(name, name.encode())})
        suffix = name[-4:].lower()
        assert (answer.status_code, answer.json) == (201, {"url": f"/files/{number}{suffix}"})
        with browser.get(f"/files/{number}{suffix}") as answer:
            assert answer.data == name.encode()
            disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; ")
        if not name.isascii():
            assert disposition.endswith(f"filename*=UTF-8''{quote(name)}")
    folder = files.config["UPLOAD_FOLDER"]
    assert sorted(path.name for path in folder.iterdir()) == ["1.png", "2.png", "3.pdf"]


def test_without_a_folder_of_its_own_the_snippet_uses_the_temporary_one() -> None:
    folder = uploads.create_app().config["UPLOAD_FOLDER"]
    assert folder.is_absolute()
    assert folder.name == "flask-uploads"


@pytest.mark.parametrize(
    "form",
    [
        {"file": upload("page.html", b"<script>")},
        {"file": upload("", b"")},
        {"file": upload("简历", b"x")},
        {"file": "头像.png"},
        {"other": upload("a.png")},
    ],
)
def test_what_is_no_file_of_a_kind_we_know_is_refused(files: Flask, form: dict[str, Any]) -> None:
    assert send(files, "/files", "POST", data=form).status_code == 400
    assert not files.config["UPLOAD_FOLDER"].exists()


def test_a_file_that_was_not_uploaded_is_not_there(files: Flask) -> None:
    for path in ("/files/1.png", "/files/..%2Fapp.py"):
        assert send(files, path).status_code == 404


@proves(
    "guide/uploads",
    "Each file is a FileStorage in request.files, under the name of its <input>.",
    "The client chooses filename and content_type.",
    "A name can be ../../app.py, and a page with a script can have the type image/png.",
)
@proves("guide/requests", "files | uploaded files")
def test_name_and_content_type_are_what_the_client_claims() -> None:
    data = {"file": (io.BytesIO(b"<script>"), "../../app.py", "image/png")}
    with new_app().test_request_context(method="POST", data=data):
        file = request.files["file"]
        assert (file.filename, file.content_type) == ("../../app.py", "image/png")
        assert isinstance(file, FileStorage)


@proves("guide/uploads", "Such a file is false: test it with if not file.")
def test_a_file_that_was_not_chosen_is_false() -> None:
    with new_app().test_request_context(method="POST", data={"file": upload("", b"")}):
        assert bool(request.files["file"]) is False
    with new_app().test_request_context(method="POST", data={"file": upload("a", b"")}):
        assert bool(request.files["file"]) is True


@proves(
    "guide/uploads",
    'An <input type="file" multiple> sends several files under one name.',
    'Read them with request.files.getlist("file").',
)
def test_several_files_under_one_name() -> None:
    data = {"file": [upload("a.png"), upload("b.png")]}
    with new_app().test_request_context(method="POST", data=data):
        assert [file.filename for file in request.files.getlist("file")] == ["a.png", "b.png"]


@proves(
    "guide/uploads",
    "save accepts a path or an open file, and overwrites an existing file.",
    "A relative path starts at the folder in which the server was started.",
    "read() returns the content as bytes.",
)
def test_save_takes_a_path_or_an_open_file_and_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("something longer")
    with new_app().test_request_context(method="POST", data={"file": upload(content=b"new")}):
        file = request.files["file"]
        # a relative path starts here, not at the folder of the application
        file.save("a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b"new"
        file.seek(0)
        file.save(target := io.BytesIO())
        assert target.getvalue() == b"new"
        file.seek(0)
        assert file.read() == b"new"
        file.seek(0)
        assert b"".join(file) == b"new"


@proves(
    "guide/uploads",
    "The folder must exist.",
    "An empty name stands for the upload folder itself, and saving raises IsADirectoryError.",
    "save does not create folders.",
)
def test_save_creates_no_folders(tmp_path: Path) -> None:
    message = on_the_page("FileNotFoundError: [Errno 2] No such file or directory")
    with new_app().test_request_context(method="POST", data={"file": upload()}):
        with pytest.raises(FileNotFoundError) as caught:
            request.files["file"].save(tmp_path / "none" / "a.txt")
        assert f"{type(caught.value).__name__}: {caught.value}".startswith(message)
        # what is left of a Chinese name without an ending: the folder itself
        with pytest.raises(IsADirectoryError):
            request.files["file"].save(tmp_path / secure_filename("简历"))


@proves(
    "guide/uploads",
    "Your code has read the file before, for example with file.read() to check it.",
    "Call file.seek(0) before you save it.",
)
def test_a_file_that_was_read_saves_as_empty(tmp_path: Path) -> None:
    with new_app().test_request_context(method="POST", data={"file": upload(content=b"new")}):
        file = request.files["file"]
        file.read()
        file.save(tmp_path / "a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b""
        file.seek(0)
        file.save(tmp_path / "a.txt")
        assert (tmp_path / "a.txt").read_bytes() == b"new"


@proves(
    "guide/uploads", "A file of up to 500 KiB is kept in memory, a larger one in a temporary file."
)
@pytest.mark.parametrize(("size", "in_memory"), [(500 * 1024, True), (500 * 1024 + 1, False)])
def test_larger_files_lie_in_a_temporary_file(size: int, in_memory: bool) -> None:
    form = multipart({"file": upload(content=b"x" * size)})
    with new_app().test_request_context(method="POST", **form):
        # a spooled file has a name only once it is on the disk
        assert (request.files["file"].stream.name is None) is in_memory


@proves(
    "guide/uploads",
    "Flask closes both at the end of the request, so store or read the content in the view.",
)
def test_the_file_is_gone_after_the_request() -> None:
    kept: list[Any] = []

    def view() -> str:
        kept.append(request.files["file"])
        return ""

    send(app_of(view), method="POST", **multipart({"file": upload(content=b"x" * 600_000)}))
    assert kept[0].stream.closed


@proves(
    "guide/uploads",
    "secure_filename() keeps only ASCII letters, digits, ., _ and -, so the name is harmless.",
)
def test_secure_filename_keeps_ascii_letters_digits_and_three_signs() -> None:
    kept = secure_filename("x" + "".join(map(chr, range(33, 0x3000))) + "x")
    assert set(kept) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert secure_filename("Az-09_x.y") == "Az-09_x.y"


@proves(
    "guide/uploads",
    "头像.png and 照片.png both become png, so the second file overwrites the first.",
    "The name png has no extension, so a check of the extension after the call rejects it.",
)
def test_two_chinese_names_become_one_and_have_no_ending() -> None:
    assert secure_filename("头像.png") == secure_filename("照片.png") == "png"
    assert Path(secure_filename("头像.png")).suffix == ""


@proves(
    "guide/uploads",
    'In debug mode request.files["file"] raises an error that says so: You tried to '
    "access the file 'file' in the request.files dictionary but it does not exist. The "
    "mimetype for the request is 'application/x-www-form-urlencoded' instead of "
    "'multipart/form-data' which means that no file contents were transmitted.",
)
def test_without_the_enctype_debug_mode_says_so() -> None:
    app = app_of(lambda: request.files["file"].filename, DEBUG=True)
    with pytest.raises(DebugFilesKeyError) as caught:
        send(app, method="POST", data={"file": "头像.png"})
    message = str(caught.value)
    quoted = on_the_page(message.partition(" To fix this error")[0])
    assert quoted.startswith("You tried to access the file 'file' in the request.files dictionary")
    assert message.removeprefix(quoted) == (
        ' To fix this error you should provide enctype="multipart/form-data" in your form.'
        "\n\nThe browser instead transmitted some file names. This was submitted: '头像.png'"
    )
    app = app_of(lambda: request.files["file"].filename, testing=False)
    assert send(app, method="POST", data={"file": "头像.png"}).status_code == 400


@proves(
    "guide/uploads",
    "The browser then sends the name of the file as a form field and does not send its content.",
)
def test_without_the_enctype_the_name_is_in_the_form() -> None:
    with new_app().test_request_context(method="POST", data={"file": "头像.png"}):
        assert (request.form["file"], len(request.files)) == ("头像.png", 0)


@proves(
    "guide/uploads",
    "That header lacks the boundary, and form and files are empty without an error.",
)
def test_without_the_boundary_form_and_files_are_empty() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
    for content_type, form in (
        ("multipart/form-data", {}),
        ("multipart/form-data; boundary=b", {"a": "1"}),
    ):
        with new_app().test_request_context(method="POST", data=body, content_type=content_type):
            assert request.form.to_dict() == form
            assert len(request.files) == 0
