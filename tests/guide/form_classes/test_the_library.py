"""The library: docs/guide/form-classes.md."""

from __future__ import annotations

import inspect
from pathlib import Path

from bs4 import BeautifulSoup

from proven.claims.proofs import proves
from snippets.forms import mini, mini_login


@proves(
    "guide/form-classes",
    "FormMeta.__call__ collects these descriptions and sorts them.",
    "Form.__init__ creates the fields and gives them their values.",
    "validate validates each field, and __html__ escapes the values.",
    "The login form of old posts runs on this library:",
)
def test_the_small_library_keeps_order_values_and_errors() -> None:
    client = mini_login.app.test_client()
    assert client.get("/login").status_code == 200
    wrong = client.post("/login", data={"name": '"><b>', "pwd": ""})
    page = BeautifulSoup(wrong.text, "lxml")
    assert wrong.status_code == 422
    assert [tag["name"] for tag in page("input")] == ["name", "pwd"]
    assert page.select_one("input[name=name]")["value"] == '"><b>'  # type: ignore[index]
    assert wrong.text.count("This field is required.") == 1
    right = client.post("/login", data={"name": " ada ", "pwd": "secret"})
    assert right.json == {"welcome": "ada"}
    nothing = client.post("/login")
    assert (nothing.status_code, nothing.text.count("This field is required.")) == (422, 2)


@proves(
    "guide/form-classes",
    "This is the whole library:",
    "In a class body, Field(...) returns an Unbound, because __new__ gets no name.",
)
def test_the_small_library_makes_fields_for_each_form() -> None:
    class Late(mini_login.LoginForm):
        code = mini.Field("Code")
        name = mini.Field("Nickname")

    one, two = Late({"name": "a"}), Late()
    assert [field.name for field in one] == ["pwd", "code", "name"]
    assert (one.name.data, two.name.data) == ("a", "")
    assert isinstance(Late.code, mini.Unbound)
    source = Path(inspect.getsourcefile(mini) or "").read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 60
