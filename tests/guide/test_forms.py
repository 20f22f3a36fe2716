"""Every claim of the page on forms, proved."""

import ast
import functools
import gettext
import importlib
import inspect
import io
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import flask_wtf
import polib
import pytest
import time_machine
import werkzeug.security
import wtforms
from bs4 import BeautifulSoup
from flask import Blueprint, Flask, Response, g, request, session
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf import file as wtf_file
from flask_wtf.csrf import CSRFError
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.serving import make_server
from wtforms import (
    BooleanField,
    DateTimeField,
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    fields,
    validators,
    widgets,
)
from wtforms.csrf.core import CSRF
from wtforms.csrf.session import SessionCSRF
from wtforms.form import BaseForm, FormMeta
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from snippets.forms import (
    chinese,
    choices,
    csrf_protect,
    editing,
    field_list,
    files,
    filters,
    journal,
    json_input,
    login,
    mini,
    mini_login,
    nested,
    own_field,
    own_messages,
    own_validators,
    registration,
    rendering,
    session_csrf,
    smallest,
    two_forms,
    whole_form,
)

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/guide/forms.md").read_text(encoding="utf-8")
# wherever its lines end
SAID = " ".join(TEXT.split())


def token(page: str) -> str:
    found = re.search(r'name="csrf_token".*?value="(.+?)"', page)
    assert found
    return found[1]


def strong(page: str) -> list[str]:
    return [found.text for found in BeautifulSoup(page, "lxml").find_all("strong")]


def alerts(page: str) -> list[str]:
    return [found.text for found in BeautifulSoup(page, "lxml").find_all(role="alert")]


def attributes(html: object) -> dict[str, Any]:
    tag = BeautifulSoup(str(html), "lxml").find(["input", "select", "textarea", "button"])
    assert tag
    return dict(tag.attrs)


def with_field(field: Any, **sent: Any) -> Any:
    """Return a form with this one field ``it``, filled by what was sent."""
    return type("OneForm", (Form,), {"it": field})(MultiDict(sent))


def errors(field: Any, *value: str, **others: str) -> list[str]:
    form = with_field(field, it=list(value), **others)
    form.validate()
    return list(form.it.errors)


def rows(label: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the table below a label."""
    section = TEXT.partition(f"\n({label})=\n")[2].partition("\n(forms")[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.split("|")[1:-1]]


def code(cell: str) -> list[str]:
    return re.findall(r"`~?([^`]+)`", cell)


def said(kind: str, message: object) -> bool:
    """Tell whether the page has this error, as Python prints its last line."""
    text = " ".join(str(message).split())
    return f"`{kind}: {text}`" in SAID or f"``{kind}: {text}``" in SAID


# The smallest application


def test_the_smallest_form_is_shown_checked_and_read() -> None:
    client = smallest.app.test_client()
    empty = client.get("/")
    assert empty.status_code == 200
    assert "This field is required." not in empty.text
    assert client.get("/?text=tea&count=5").json == {"text": "tea", "count": 5}
    assert client.get("/?text=tea").json == {"text": "tea", "count": 10}
    wrong = client.get("/?text=&count=many")
    assert wrong.status_code == 422
    for message in ("This field is required.", "Not a valid integer value."):
        assert message in wrong.text
    assert 'value="many"' in wrong.text


# Log in


def log_in(client: FlaskClient, **changes: str) -> Any:
    data = {"name": "ada", "password": "correct horse", **changes}
    data["csrf_token"] = token(client.get("/login").text)
    return client.post("/login", data=data)


def test_log_in() -> None:
    client = login.app.test_client()
    assert client.get("/").text == "Logged in: nobody"
    answer = log_in(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").text == "Logged in: ada"


def test_a_form_without_a_token_is_refused_and_says_so() -> None:
    answer = login.app.test_client().post("/login", data={"name": "ada", "password": "x"})
    assert answer.status_code == 422
    assert alerts(answer.text) == ["The CSRF token is missing."]


def test_a_wrong_name_is_answered_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def check(stored: str, given: str) -> bool:
        checked.append(stored)
        return werkzeug.security.check_password_hash(stored, given)

    monkeypatch.setattr(login, "check_password_hash", check)
    client = login.app.test_client()
    answers = [log_in(client, password="wrong"), log_in(client, name="eve")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert [alerts(answer.text) for answer in answers] == [["Name or password is wrong."]] * 2
    # both pay for one hash of the same kind
    assert [stored.split("$")[0] for stored in checked] == [checked[0].split("$")[0]] * 2
    # even the password of nobody opens nothing
    assert log_in(client, name="eve", password="nobody").status_code == 422


def test_the_password_does_not_come_back() -> None:
    answer = log_in(login.app.test_client(), password="wrong horse")
    assert "wrong horse" not in answer.text
    assert 'value="ada"' in answer.text


def test_a_login_ends_the_old_session_and_its_token() -> None:
    client = login.app.test_client()
    with client.session_transaction() as kept:
        kept["cart"] = ["left by somebody"]
    old = token(client.get("/login").text)
    log_in(client)
    with client.session_transaction() as kept:
        assert dict(kept) == {"_permanent": False, "user": "ada"}
    assert token(client.get("/login").text) != old
    refused = client.post("/login", data={"csrf_token": old, "name": "a", "password": "b"})
    assert alerts(refused.text) == ["The CSRF tokens do not match."]


def test_staying_logged_in_makes_the_session_permanent() -> None:
    for sent, permanent in (({}, False), ({"stay": "y"}, True)):
        client = login.app.test_client()
        answer = log_in(client, **sent)
        assert ("Expires" in answer.headers["Set-Cookie"]) is permanent


def test_what_flask_form_adds() -> None:
    assert issubclass(FlaskForm, Form)
    own = {name for name in vars(FlaskForm) if not name.startswith("_")}
    assert own == {"Meta", "hidden_tag", "is_submitted", "validate_on_submit"}
    for method, submitted in (("GET", False), ("POST", True), ("PUT", True), ("PATCH", True)):
        with login.app.test_request_context("/?name=q", method=method, data={"name": "ada"}):
            form = login.LoginForm(meta={"csrf": False})
            assert form.is_submitted() is submitted
            assert form.name.data == ("ada" if submitted else None)


# Register


@pytest.fixture
def register() -> Iterator[Callable[..., Any]]:
    app = registration.create_app()

    @app.after_request
    def count(answer: Response) -> Response:
        names = registration.db.session.scalars(select(registration.User.name))
        answer.headers["X-Names"] = ",".join(names)
        return answer

    client = app.test_client()
    person = {"name": "ada", "password": "correct horse"}
    person["csrf_token"] = token(client.get("/register").text)
    yield lambda **changes: client.post(
        "/register", data={**person, "again": person["password"], **changes}
    )
    with client.application.app_context():
        registration.db.engine.dispose()


def test_registering_checks_each_field(register: Callable[..., Any]) -> None:
    answer = register(name="a", password="short", again="shirt")
    assert answer.status_code == 422
    assert strong(answer.text) == [
        "Field must be between 2 and 30 characters long.",
        "Field must be at least 8 characters long.",
        "The passwords differ.",
    ]


def test_a_name_is_taken_once(register: Callable[..., Any]) -> None:
    assert register().location == "/login"
    again = register()
    assert (again.status_code, strong(again.text)) == (422, ["This name is taken."])
    assert register(name="grace").status_code == 302


def test_the_database_decides_when_two_are_at_it(
    register: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    register()
    monkeypatch.setattr(registration.RegistrationForm, "validate_name", lambda form, field: None)
    late = register()
    assert (late.status_code, strong(late.text)) == (422, ["This name is taken."])
    # the session works on, in this request too
    assert late.headers["X-Names"] == "ada"
    assert register(name="grace").headers["X-Names"] == "ada,grace"


def test_without_a_rollback_the_session_is_unusable() -> None:
    db = registration.db
    with registration.create_app().app_context():
        for _ in range(2):
            db.session.add(registration.User(name="ada", password="x"))
        with pytest.raises(IntegrityError):
            db.session.commit()
        with pytest.raises(PendingRollbackError):
            db.session.get(registration.User, 1)
        db.session.rollback()
        assert db.session.get(registration.User, 1) is None
        db.session.remove()
        db.engine.dispose()


def test_equal_to_names_the_attribute_and_the_error_is_where_it_stands() -> None:
    class Twice(Form):
        first = StringField(name="eins")
        second = StringField(validators=[validators.EqualTo("first")])

    form = Twice(MultiDict({"eins": "a", "second": "b"}))
    assert not form.validate()
    assert form.errors == {"second": ["Field must be equal to first."]}


def test_email_checks_the_form_only_and_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    field = StringField(validators=[validators.Email()])
    assert errors(field, "nobody@no-such-host.example.com") == []
    assert errors(field, "nobody") == ["Invalid email address."]
    monkeypatch.setitem(sys.modules, "email_validator", None)
    form = with_field(field, it="a@example.com")
    with pytest.raises(Exception, match="email_validator") as caught:
        form.validate()
    assert said("Exception", caught.value)


# CSRF with Flask-WTF


def protected(**config: Any) -> tuple[Flask, CSRFProtect]:
    app = Flask("forms-test", static_folder=None)
    app.config.update(SECRET_KEY="test", TESTING=True, **config)
    csrf = CSRFProtect(app)

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def index() -> str:
        return flask_wtf.csrf.generate_csrf()

    return app, csrf


def reason(answer: Any) -> str:
    """Return the message of Flask's page for an error."""
    assert answer.status_code == 400
    return BeautifulSoup(answer.text, "lxml").select("p")[0].text


def test_every_changing_method_needs_a_token_in_form_or_header() -> None:
    app, _ = protected()
    client = app.test_client()
    value = client.get("/").text
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert reason(client.open("/", method=method)) == "The CSRF token is missing."
        for header in ("X-CSRFToken", "X-CSRF-Token"):
            assert client.open("/", method=method, headers={header: value}).status_code == 200
        assert client.open("/", method=method, data={"csrf_token": value}).status_code == 200


def test_the_handler_of_the_page_answers_with_json() -> None:
    client = csrf_protect.app.test_client()
    refused = client.post("/notes")
    assert (refused.status_code, refused.json) == (400, {"error": "The CSRF token is missing."})
    assert client.post("/hook").text == "Thanks."
    page = BeautifulSoup(client.get("/").text, "lxml")
    field, meta = page.select_one("input[type=hidden]"), page.select_one("meta[name=csrf-token]")
    assert field
    assert meta
    assert field["value"] == meta["content"]
    assert client.post("/notes", data={"csrf_token": field["value"]}).text == "Saved."
    assert client.post("/notes", headers={"X-CSRFToken": str(meta["content"])}).text == "Saved."
    assert issubclass(CSRFError, BadRequest)


def test_a_blueprint_can_be_exempt() -> None:
    app, csrf = protected()
    for name in ("open", "closed"):
        blueprint = Blueprint(name, __name__, url_prefix=f"/{name}")
        blueprint.add_url_rule("/", "index", lambda: "", methods=["POST"])
        app.register_blueprint(blueprint)
        if name == "open":
            csrf.exempt(blueprint)
    client = app.test_client()
    assert [client.post(f"/{name}/").status_code for name in ("open", "closed")] == [200, 400]


def test_nothing_is_checked_until_protect_is_called() -> None:
    app, csrf = protected(WTF_CSRF_CHECK_DEFAULT=False)
    app.add_url_rule("/asks", "asks", lambda: csrf.protect() or "", methods=["POST"])
    client = app.test_client()
    assert client.post("/").status_code == 200
    assert reason(client.post("/asks")) == "The CSRF token is missing."


def test_the_token_is_a_signed_value_of_the_session_and_the_same_for_all_forms() -> None:
    app, _ = protected()
    with app.test_client() as client:
        first = client.get("/").text
        value = session["csrf_token"]
        assert g.csrf_token == first
        assert re.fullmatch("[0-9a-f]{40}", value)
        assert URLSafeTimedSerializer("test", salt="wtf-csrf-token").loads(first) == value
        client.get("/")
        assert session["csrf_token"] == value
    with app.test_request_context():
        names = [type("F", (FlaskForm,), {})().csrf_token.current_token for _ in range(2)]
        assert names[0] == names[1]


def test_hidden_tag_renders_every_hidden_field() -> None:
    class Hiding(FlaskForm):
        page = HiddenField(default="3")
        name = StringField()

    with login.app.test_request_context():
        form = Hiding()
        names = [tag["name"] for tag in BeautifulSoup(form.hidden_tag(), "lxml").select("input")]
        assert names == ["page", "csrf_token"]
        assert attributes(form.csrf_token)["value"] == form.csrf_token.current_token


def test_the_table_of_keys_is_that_of_the_library() -> None:
    app, _ = protected()
    shown = {code(row[0])[0]: row[1] for row in rows("forms-csrf") if row[0].startswith("`WTF_")}
    fallback = {"WTF_CSRF_SECRET_KEY": "`SECRET_KEY`"}
    methods = ", ".join(f"`{name}`" for name in ("POST", "PUT", "PATCH", "DELETE"))
    set_by_library = {
        key: f"`{value!r}`".replace("'", '"')
        for key, value in app.config.items()
        if key.startswith("WTF_CSRF") and key not in ("WTF_CSRF_META_NAME", "WTF_CSRF_METHODS")
    }
    assert shown == {**set_by_library, **fallback, "WTF_CSRF_METHODS": methods}
    assert app.config["WTF_CSRF_METHODS"] == {"POST", "PUT", "PATCH", "DELETE"}


def test_another_key_signs_the_token_and_off_is_off() -> None:
    app, _ = protected(WTF_CSRF_SECRET_KEY="other", WTF_CSRF_FIELD_NAME="ticket")
    with app.test_client() as client:
        value = client.get("/").text
        serializer = URLSafeTimedSerializer("other", salt="wtf-csrf-token")
        assert serializer.loads(value) == session["ticket"]
    assert protected(WTF_CSRF_ENABLED=False)[0].test_client().post("/").status_code == 200
    client = protected(WTF_CSRF_HEADERS=["X-Ticket"], WTF_CSRF_METHODS=["PUT"])[0].test_client()
    assert client.post("/").status_code == 200
    value = client.get("/").text
    assert client.put("/", headers={"X-CSRFToken": value}).status_code == 400
    assert client.put("/", headers={"X-Ticket": value}).status_code == 200


def test_a_token_lasts_as_long_as_the_page_says() -> None:
    for limit, lives, dies in ((..., 3599, 3602), (None, 10**6, None), (60, 59, 62)):
        config = {} if limit is ... else {"WTF_CSRF_TIME_LIMIT": limit}
        app, _ = protected(PERMANENT_SESSION_LIFETIME=10**9, **config)
        client = app.test_client()
        with time_machine.travel(datetime(2026, 1, 1), tick=False) as clock:
            headers = {"X-CSRFToken": client.get("/").text}
            clock.shift(lives)
            assert client.post("/", headers=headers).status_code == 200
            if dies is not None:
                clock.shift(dies - lives)
                assert reason(client.post("/", headers=headers)) == "The CSRF token has expired."


def csrf_messages() -> dict[str, str]:
    """Produce each message of Flask-WTF, by the cause that the page names."""
    app, _ = protected()
    client = app.test_client()
    value = client.get("/").text
    found = {"missing": reason(client.post("/"))}
    found["no session"] = reason(app.test_client().post("/", headers={"X-CSRFToken": value}))
    with time_machine.travel(datetime.now() + timedelta(hours=2)):
        found["expired"] = reason(client.post("/", headers={"X-CSRFToken": value}))
    other = app.test_client()
    other.get("/")
    found["other session"] = reason(other.post("/", headers={"X-CSRFToken": value}))
    signed = URLSafeTimedSerializer("another key", salt="wtf-csrf-token").dumps("x")
    found["other key"] = reason(client.post("/", headers={"X-CSRFToken": signed}))
    secure = {"base_url": "https://shop.example", "headers": {"X-CSRFToken": value}}
    client.set_cookie("session", client.get_cookie("session").value, domain="shop.example")  # type: ignore[union-attr]
    found["no referrer"] = reason(client.post("/", **secure))
    secure["headers"] = {"X-CSRFToken": value, "Referer": "https://www.shop.example/"}
    found["other host"] = reason(client.post("/", **secure))
    secure["headers"] = {"X-CSRFToken": value, "Referer": "https://shop.example/cart"}
    assert client.post("/", **secure).status_code == 200
    app.config["WTF_CSRF_SSL_STRICT"] = False
    secure["headers"] = {"X-CSRFToken": value}
    assert client.post("/", **secure).status_code == 200
    return found


class Clocked(SessionCSRF):
    late = timedelta()

    def now(self) -> datetime:
        now: datetime = super().now() + self.late
        return now


class Constant(CSRF):
    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        return "value"


def session_csrf_messages() -> dict[str, str]:
    store: dict[str, str] = {}

    def first_error(sent: str, kept: dict[str, str], csrf: type[CSRF] = SessionCSRF) -> str:
        meta = {"csrf": True, "csrf_class": csrf, "csrf_secret": b"x", "csrf_context": kept}
        form = Form(MultiDict({"csrf_token": sent} if sent else {}), meta=meta)
        return "" if form.validate() else str(form.errors["csrf_token"][0])

    meta = {"csrf": True, "csrf_secret": b"x", "csrf_context": store}
    value = Form(meta=meta).csrf_token.current_token
    assert first_error(value, store) == ""
    found = {"missing": first_error("", store), "other session": first_error(value, {})}
    late = {
        minutes: type("Late", (Clocked,), {"late": timedelta(minutes=minutes)})
        for minutes in (29, 31)
    }
    # 30 minutes, if the form does not say otherwise
    assert first_error(value, store, late[29]) == ""
    found["expired"] = first_error(value, store, late[31])
    assert first_error("value", {}, Constant) == ""
    found["own class"] = first_error("other", {}, Constant)
    return found


def test_the_table_of_csrf_errors_has_each_message() -> None:
    produced = [*csrf_messages().values(), *session_csrf_messages().values()]
    shown = [code(row[0])[0] for row in rows("forms-csrf-errors") if row[0].startswith("`")]
    assert shown == produced
    # and there are no others
    source = inspect.getsource(flask_wtf.csrf)
    known = re.findall(r'(?:ValidationError|_error_response)\("([^"]+)"\)', source)
    assert set(known) <= set(shown)
    assert len(known) == 7


def test_wtforms_own_csrf_protects_a_form() -> None:
    client = session_csrf.app.test_client()
    refused = client.post("/", data={"text": "bread"})
    assert (refused.status_code, refused.json) == (422, {"csrf_token": ["CSRF token missing."]})
    value = token(client.get("/").text)
    assert client.post("/", data={"text": "bread", "csrf_token": value}).json == {"saved": "bread"}
    with client.session_transaction() as kept:
        assert set(kept) == {"csrf"}
    other = session_csrf.app.test_client()
    assert other.post("/", data={"text": "x", "csrf_token": value}).status_code == 422


def test_without_secret_or_session_wtforms_says_so() -> None:
    with pytest.raises(Exception, match="csrf_secret") as caught:
        Form(meta={"csrf": True})
    assert said("Exception", caught.value)
    with pytest.raises(TypeError) as wrong:
        Form(meta={"csrf": True, "csrf_secret": b"x"})
    assert said("TypeError", wrong.value)
    with pytest.raises(TypeError):
        Form(meta={"csrf": True, "csrf_secret": "text", "csrf_context": {}})


def test_a_flask_form_needs_a_key_and_an_application() -> None:
    with pytest.raises(RuntimeError) as caught:
        FlaskForm()
    assert said("RuntimeError", str(caught.value).splitlines()[0])
    with Flask("keyless").test_request_context(), pytest.raises(RuntimeError) as keyless:
        FlaskForm()
    assert said("RuntimeError", keyless.value)


@pytest.mark.parametrize(("base", "refused"), [(Form, False), (FlaskForm, True)])
def test_a_plain_form_becomes_a_flask_form_with_its_view_unchanged(
    base: type[Form], refused: bool
) -> None:
    app, _ = protected(WTF_CSRF_CHECK_DEFAULT=False)
    form_class = type("NoteForm", (base,), {"done": BooleanField(default=True)})

    @app.route("/note", methods=["GET", "POST"])
    def note() -> tuple[str, int]:
        form = form_class(request.form if request.method == "POST" else None)
        valid = request.method == "POST" and form.validate()
        return f"{form.done} {'' if valid else form.errors}", 200

    client = app.test_client()
    assert "checked" in client.get("/note").text
    assert ("The CSRF token is missing." in client.post("/note").text) is refused
    sent = {"csrf_token": client.get("/").text}
    assert "missing" not in client.post("/note", data=sent).text


# Fields


SAMPLES = {
    "BooleanField": "y",
    "SubmitField": "Send",
    "DateField": "2026-01-02",
    "TimeField": "10:30",
    "DateTimeLocalField": "2026-01-02T10:30",
    "MonthField": "2026-01",
    "WeekField": "2026-W01",
}
TYPES = [str, int, float, Decimal, bool, date, time, datetime, list]


def test_the_table_of_fields_shows_type_and_value_of_each() -> None:
    table = [row for row in rows("forms-fields") if row[0] != "Field"]
    shown = {code(row[0])[0].rpartition(".")[2]: row[1:] for row in table}
    for name, (html, value) in shown.items():
        cls = getattr(wtforms, name)
        options = {"choices": ["1"]} if issubclass(cls, SelectField) else {}
        form = with_field(cls(**options), it=SAMPLES.get(name, "1"))
        attrs = attributes(form.it)
        tag = re.findall(r"<(\w+)", str(form.it))[0]
        assert code(html) == [attrs.get("type", tag)], name
        assert code(value) == [type(form.it.data).__name__], name
        assert form.validate(), name
    public = {
        name
        for name in wtforms.__all__
        if inspect.isclass(cls := getattr(wtforms, name)) and issubclass(cls, Field)
    }
    bases = {"Field", "SelectFieldBase"}
    assert set(shown) == public - bases - {"FormField", "FieldList", "DateTimeField"}


def test_the_file_fields_of_flask_wtf_give_a_file() -> None:
    form = with_field(wtf_file.FileField(), it=FileStorage(io.BytesIO(b"x"), "a.png"))
    assert isinstance(form.it.data, FileStorage)


def test_a_label_is_made_from_the_name() -> None:
    class Named(Form):
        how_many = IntegerField()
        other = IntegerField("Pieces")

    assert [field.label.text for field in Named()] == ["How Many", "Pieces"]


class Person:
    name = "object"


def test_where_a_value_comes_from() -> None:
    class Named(Form):
        name = StringField(default="default")

    sources: dict[str, dict[str, Any]] = {
        "sent": {"formdata": MultiDict({"name": "sent"})},
        "object": {"obj": Person()},
        "keyword": {"name": "keyword"},
        "data": {"data": {"name": "data"}},
        "default": {},
    }
    given: dict[str, Any] = {}
    for expected, source in reversed(sources.items()):
        given |= source
        assert Named(**given).name.data == expected
    # one that the request does not contain
    assert Named(MultiDict({"x": "y"}), obj=Person()).name.data == "object"
    assert Named(MultiDict()).name.data == "default"


def test_no_data_means_unchecked_for_two_fields_only() -> None:
    for cls, value in ((BooleanField, False), (SelectMultipleField, [])):
        options = {"choices": ["a"]} if cls is SelectMultipleField else {}
        field = cls(default=["a"], **options)
        assert with_field(field).it.data == value
        assert type("F", (Form,), {"it": field})().it.data == (True if value is False else ["a"])
    kept = {
        "StringField": "a",
        "IntegerField": 5,
        "SelectField": "a",
        "DateField": date(2026, 1, 1),
        "DecimalField": Decimal(2),
    }
    for name, default in kept.items():
        options = {"choices": ["a"]} if name == "SelectField" else {}
        assert with_field(getattr(wtforms, name)(default=default, **options)).it.data == default
    # `FlaskForm` passes nothing in a GET
    with login.app.test_request_context("/?it=1"):
        cls = type("F", (FlaskForm,), {"it": BooleanField(default=True)})
        assert cls(meta={"csrf": False}).it.data is True


# Validators


FAILING: dict[str, tuple[Any, list[str]]] = {
    "InputRequired": (StringField, [""]),
    "DataRequired": (StringField, [" "]),
    "Length": (StringField, ["a"]),
    "NumberRange": (IntegerField, ["6"]),
    "DateRange": (fields.DateField, ["2025-12-31"]),
    "Regexp": (StringField, ["7"]),
    "Email": (StringField, ["a"]),
    "URL": (StringField, ["a"]),
    "IPAddress": (StringField, ["a"]),
    "MacAddress": (StringField, ["a"]),
    "UUID": (StringField, ["a"]),
    "AnyOf": (StringField, ["c"]),
    "NoneOf": (StringField, ["!"]),
    "EqualTo": (StringField, ["a"]),
    "ReadOnly": (StringField, ["a"]),
    "Disabled": (StringField, ["a"]),
}
HTML_RULES = {"required", "readonly", "disabled", "min", "max", "minlength", "maxlength", "pattern"}


def test_the_table_of_validators_shows_message_and_attributes_of_each() -> None:
    table = [row for row in rows("forms-validators") if row[0] != "Validator"]
    shown = []
    for first, sample, html, message in table:
        name = code(first)[0].rpartition(".")[2]
        shown.append(name)
        validator = eval(code(sample)[0], {**vars(validators), "date": date})
        cls, failing = FAILING.get(name, (StringField, ["x"]))
        form_class = type("F", (Form,), {"it": cls(validators=[validator]), "other": StringField()})
        form = form_class(MultiDict({"it": failing, "other": "b"}))
        form.validate()
        assert [f"`{text}`" for text in form.it.errors] == ([message] if message else []), name
        assert set(code(html)) == HTML_RULES & set(attributes(form.it)), name
        own = "message" in inspect.signature(getattr(validators, name)).parameters
        assert own is (name not in ("Optional", "ReadOnly", "Disabled")), name
        if own and name != "EqualTo":
            arguments = ast.parse(code(sample)[0], mode="eval").body
            assert isinstance(arguments, ast.Call)
            source = ast.unparse(
                ast.Call(
                    arguments.func, arguments.args, [ast.keyword("message", ast.Constant("own"))]
                )
            )
            renamed = eval(source, {**vars(validators), "date": date})
            assert errors(cls(validators=[renamed]), *failing) == ["own"], name
    public = {name for name in validators.__all__ if name[0].isupper()}
    assert set(shown) == public - {"ValidationError", "StopValidation"}


def stops(*checks: Any) -> bool:
    """Tell whether a validator keeps the next one from an empty value."""
    reached: list[str] = []
    errors(StringField(validators=[*checks, lambda form, field: reached.append("reached")]), "")
    return not reached


def test_three_validators_stop_the_others() -> None:
    made = {
        "InputRequired": (),
        "DataRequired": (),
        "Optional": (),
        "Length": (1,),
        "NumberRange": (1,),
        "DateRange": (date(2026, 1, 1),),
        "Regexp": ("a",),
        "Email": (),
        "IPAddress": (),
        "MacAddress": (),
        "UUID": (),
        "AnyOf": (["a"],),
        "NoneOf": ([""],),
        "EqualTo": ("nobody",),
        "ReadOnly": (),
        "URL": (),
        "Disabled": (),
    }
    known = {name for name in validators.__all__ if name[0].isupper()}
    assert set(made) == known - {"ValidationError", "StopValidation"}
    halting = set()
    for name, arguments in made.items():
        validator = getattr(validators, name)(*arguments)
        if name in ("NumberRange", "DateRange"):
            reached: list[str] = []
            cls = IntegerField if name == "NumberRange" else fields.DateField
            errors(cls(validators=[validator, lambda form, field: reached.append("x")]), "")  # noqa: B023
            assert reached == ["x"]
        elif stops(validator):
            halting.add(name)
    assert halting == {"InputRequired", "DataRequired", "Optional"}


def test_validators_run_in_order_and_all_of_them() -> None:
    field = StringField(validators=[Length(min=3), validators.Regexp("[0-9]")])
    assert errors(field, "ab") == [
        "Field must be at least 3 characters long.",
        "Invalid input.",
    ]
    # an empty field is validated like any other
    assert errors(StringField(validators=[Length(min=3)]), "") != []
    assert errors(StringField(validators=[validators.Optional(), Length(min=3)]), "") == []


def test_readonly_and_disabled() -> None:
    read_only = type("F", (Form,), {"name": StringField(validators=[validators.ReadOnly()])})
    for sent, passes in (("object", True), ("changed", False)):
        assert read_only(MultiDict({"name": sent}), obj=Person()).validate() is passes
    disabled = StringField(validators=[validators.Disabled()])
    assert (errors(disabled), errors(disabled, "") != []) == ([], True)


def test_validators_for_one_call() -> None:
    form = with_field(StringField(), it="ada")
    assert not form.validate(extra_validators={"it": [Length(max=2)]})
    assert form.validate()


def test_regexp_matches_from_the_start_only() -> None:
    assert errors(StringField(validators=[validators.Regexp("[a-z]")]), "a7") == []
    dollar = StringField(validators=[validators.Regexp("[a-z]$")])
    assert [errors(dollar, text) != [] for text in ("a7", "a\n")] == [True, False]
    full = validators.Regexp("[a-z]", matcher=re.fullmatch)
    assert [errors(StringField(validators=[full]), text) != [] for text in ("a7", "a\n")] == [
        True
    ] * 2


@pytest.mark.parametrize(
    ("code_", "count", "expected"),
    [
        ("A B", "7", {"code": ["No spaces here."], "count": ["This is no multiple of 6."]}),
        ("", "6", {"code": ["This field is required."]}),
        (
            "Xtest",
            "12",
            {"code": ["'test' is not allowed.", "Codes with X come by six."]},
        ),
        (
            "A1",
            "x",
            {"count": ["Not a valid integer value.", "This is no multiple of 6."]},
        ),
        ("X1", "6", None),
    ],
)
def test_own_validators(code_: str, count: str, expected: dict[str, list[str]] | None) -> None:
    answer = own_validators.app.test_client().post("/orders", data={"code": code_, "count": count})
    assert (answer.status_code, answer.json) == (
        (422, expected) if expected else (201, {"code": "X1", "count": 6})
    )


def test_a_class_of_validator_gives_attributes_to_the_widget() -> None:
    assert attributes(own_validators.OrderForm().count)["step"] == "6"


def test_an_inline_validator_sees_values_of_fields_that_are_not_validated() -> None:
    seen: list[Any] = []

    class Two(Form):
        first = StringField()
        second = StringField(validators=[InputRequired()])

        def validate_first(self, field: Field) -> None:
            seen.append((self.second.data, list(self.second.errors)))

    form = Two(MultiDict({"first": "a", "second": ""}))
    assert not form.validate()
    assert seen == [("", [])]
    assert form.second.errors


def test_a_stopped_chain_skips_the_inline_validator() -> None:
    called: list[str] = []

    class One(Form):
        it = StringField(validators=[InputRequired()])

        def validate_it(self, field: Field) -> None:
            called.append(field.data)

    assert not One(MultiDict({"it": ""})).validate()
    assert called == []
    assert One(MultiDict({"it": "a"})).validate()
    assert called == ["a"]


def test_a_rule_of_the_form_has_an_empty_key() -> None:
    client = whole_form.app.test_client()
    wrong = client.post("/trips", data={"start": "2026-05-02", "end": "2026-05-01"})
    assert (wrong.status_code, wrong.json) == (422, {"": ["The trip ends before it begins."]})
    right = client.post("/trips", data={"start": "2026-05-01", "end": "2026-05-03"})
    assert (right.status_code, right.json) == (201, {"days": 2})
    empty = client.post("/trips", data={"start": "2026-05-01"})
    assert empty.json == {"end": ["This field is required."]}


# Filters


def test_filters_run_before_validators_and_the_method_comes_last() -> None:
    client = filters.app.test_client()
    added = client.post("/users", data={"name": " Ada ", "mail": " ADA@EXAMPLE.COM"})
    assert (added.status_code, added.json) == (201, {"name": "Ada", "mail": "ada@example.com"})
    spaces = client.post("/users", data={"name": "   "})
    # InputRequired let it pass
    assert spaces.json == {"name": ["Field must be at least 2 characters long."]}
    data_required = StringField(filters=[str.strip], validators=[validators.DataRequired()])
    assert errors(data_required, "   ") == ["This field is required."]


def test_a_filter_runs_on_default_and_object_too() -> None:
    seen: list[object] = []

    class Filtered(Form):
        name = StringField(filters=[lambda value: seen.append(value) or value], default="default")

        def filter_name(self, value: str | None) -> str | None:
            seen.append("method")
            return value

    Filtered()
    Filtered(obj=Person())
    Filtered(name=None)
    assert seen == ["default", "method", "object", "method", None, "method"]


# Files


def image(name: str, size: int = 3) -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"x" * size), name


def test_files_are_required_allowed_and_measured() -> None:
    client = files.app.test_client()
    assert 'enctype="multipart/form-data"' in client.get("/photos").text
    assert (
        attributes(client.get("/photos").text.partition('for="photo"')[2])["accept"] == ".png,.jpg"
    )
    cases: list[tuple[Any, int, Any]] = [
        ({}, 422, {"photo": ["This field is required."]}),
        ({"photo": image("cat.gif")}, 422, {"photo": ["Only PNG or JPEG."]}),
        (
            {"photo": image("cat.png", 200_001)},
            422,
            {"photo": ["File must be between 0 and 200000 bytes."]},
        ),
        (
            {"photo": image("猫.PNG"), "more": [image("b.jpg", 4), image("c.jpg", 5)]},
            201,
            {"title": "猫", "sizes": {"猫.PNG": 3, "b.jpg": 4, "c.jpg": 5}},
        ),
        ({"photo": image("a.png"), "more": [image("b.gif")]}, 422, {"more": ["Only PNG or JPEG."]}),
    ]
    for data, status, expected in cases:
        answer = client.post("/photos", data={"title": "猫", **data})
        assert (answer.status_code, answer.json) == (status, expected)


def test_a_body_beyond_the_limit_is_refused_before_the_form() -> None:
    body = b"x" * (files.app.config["MAX_CONTENT_LENGTH"] + 1)
    kind = "multipart/form-data; boundary=x"
    with files.app.test_client() as client:
        assert client.post("/photos", data=body, content_type=kind).status_code == 413
        assert client.post("/photos", data=body[:100], content_type=kind).status_code == 422


def test_a_flask_form_puts_files_and_fields_together() -> None:
    class Upload(FlaskForm):
        title = StringField()
        photo = wtf_file.FileField()

    data = {"title": "cat", "photo": image("cat.png")}
    with login.app.test_request_context(method="POST", data=data):
        form = Upload(meta={"csrf": False})
        assert (form.title.data, form.photo.data.filename) == ("cat", "cat.png")
        # a plain form with half of the request
        half = files.PhotoForm(request.form)
        assert not half.validate()
        assert half.errors == {"photo": ["This field is required."]}
        plain = type("F", (Form,), {"photo": FileField()})(request.form)
        assert plain.photo.data is None


def test_the_name_is_looked_at_and_not_the_content() -> None:
    field = wtf_file.FileField(validators=[wtf_file.FileAllowed(["png"])])
    form = with_field(field, it=FileStorage(io.BytesIO(b"no picture"), "a.png"))
    assert form.validate()


# Lists and nested forms


def test_a_list_of_forms() -> None:
    client = field_list.app.test_client()
    line = {"lines-0-article": "tea", "lines-0-count": "2"}
    more = client.post("/orders", data={**line, "more": "yes"})
    names = [tag["name"] for tag in BeautifulSoup(more.text, "lxml").select("fieldset input")]
    assert names == ["lines-0-article", "lines-0-count", "lines-1-article", "lines-1-count"]
    assert len(BeautifulSoup(client.get("/orders").text, "lxml").select("fieldset")) == 1
    cup = {**line, "lines-7-article": "cup", "lines-7-count": "0"}
    wrong = client.post("/orders", data=cup)
    message = "Number must be at least 1."
    assert (wrong.status_code, wrong.json) == (422, {"lines": [{}, {"count": [message]}]})
    right = client.post("/orders", data={**cup, "lines-7-count": "1", "mails-0": "ada"})
    assert right.status_code == 201
    assert right.json == {
        "lines": [{"article": "tea", "count": 2}, {"article": "cup", "count": 1}],
        "mails": ["ada"],
    }


def test_gaps_are_closed_and_what_is_too_much_is_ignored() -> None:
    field = FieldList(StringField(), max_entries=2)
    form = with_field(field, **{"it-3": "a", "it-5": "b", "it-9": "c"})
    assert [entry.name for entry in form.it] == ["it-0", "it-1"]
    assert (form.it.data, form.validate()) == (["a", "b"], True)
    with pytest.raises(AssertionError):
        form.it.append_entry("d")


def test_entries_can_be_added_and_taken_out() -> None:
    entries = with_field(FieldList(StringField()), **{"it-0": "a"}).it
    entries.append_entry("c")
    entries.insert_entry(1, "b")
    assert entries.data == ["a", "b", "c"]
    entries.pop_entry(0)
    assert [(entry.name, entry.data) for entry in entries] == [("it-0", "b"), ("it-1", "c")]


def test_an_inner_flask_form_has_a_token_of_its_own() -> None:
    class Row(FlaskForm):
        name = StringField()

    with login.app.test_request_context():
        form = type("F", (FlaskForm,), {"rows": FieldList(FormField(Row), min_entries=1)})()
        assert [field.name for field in form.rows[0]] == ["rows-0-name", "rows-0-csrf_token"]


def test_a_nested_form_is_shown_checked_and_written_back() -> None:
    client = nested.app.test_client()
    page = BeautifulSoup(client.get("/people/1").text, "lxml")
    city = page.select_one("fieldset input[name=address-city]")
    assert city
    assert city["value"] == "London"
    assert page.select_one("legend").text == "Address"  # type: ignore[union-attr]
    wrong = client.post("/people/1", data={"name": "Ada"})
    assert (wrong.status_code, wrong.json) == (
        422,
        {"address": {"city": ["This field is required."]}},
    )
    sent = {"name": "Ada", "address-city": "Paris", "address-street": ""}
    assert client.post("/people/1", data=sent).json == {
        "name": "Ada",
        "address": {"city": "Paris", "street": ""},
    }


def test_a_nested_form_takes_neither_validators_nor_filters() -> None:
    for options in ({"validators": [InputRequired()]}, {"filters": [str]}):
        with pytest.raises(TypeError) as caught:
            with_field(FormField(nested.AddressForm, **options))
        assert said("TypeError", caught.value) or f"`{caught.value}`" in SAID


def test_populating_nothing() -> None:
    class Empty:
        it = None

    form = with_field(FormField(nested.AddressForm))
    with pytest.raises(TypeError) as caught:
        form.populate_obj(Empty())
    assert said("TypeError", caught.value)
    person = Empty()
    with_field(FormField(nested.AddressForm, default=nested.Address)).populate_obj(person)
    assert isinstance(person.it, nested.Address)


# Choices


def test_choices_are_read_for_each_form_and_may_depend_on_a_field() -> None:
    client = choices.app.test_client()

    def options(name: str) -> list[str]:
        page = BeautifulSoup(client.get("/books").text, "lxml")
        return [tag.text for tag in page.select(f"select[name={name}] option")]

    assert options("author") == ["Ada", "Grace"]
    client.post("/authors/3/Alan")
    assert options("author") == ["Ada", "Grace", "Alan"]
    assert options("city") == ["Beijing", "Shanghai"]
    groups = [tag["label"] for tag in BeautifulSoup(client.get("/books").text, "lxml")("optgroup")]
    assert groups == ["Python", "Other"]
    sent = {"author": "4", "country": "uk", "city": "Beijing", "topics": ["web", "x"]}
    wrong = client.post("/books", data=sent)
    assert (wrong.status_code, wrong.json) == (
        422,
        {
            "author": ["Not a valid choice."],
            "city": ["Not a valid choice."],
            "topics": ["'x' is not a valid choice for this field."],
        },
    )
    sent |= {"author": "3", "city": "London", "topics": ["web"]}
    right = client.post("/books", data=sent)
    assert (right.status_code, right.json) == (
        201,
        {"author": 3, "country": "uk", "city": "London", "topics": ["web"]},
    )


def test_a_list_is_read_once_and_a_view_can_assign() -> None:
    known = ["a"]
    form_class = type("F", (Form,), {"it": SelectField(choices=list(known))})
    known.append("b")
    assert not form_class(MultiDict({"it": "b"})).validate()
    form = form_class(MultiDict({"it": "b"}))
    form.it.choices = known
    assert form.validate()


class Size(Enum):
    SMALL = "s"


def test_coerce_and_the_kinds_of_choices() -> None:
    number = functools.partial(SelectField, choices=[SelectChoice(1, "one")])
    assert errors(number(), "1") == []
    assert errors(SelectField(choices={"cn": "China"}), "cn") == []
    # the key is a number, and what was sent is text
    plain = SelectField(coerce=lambda value: value, choices=[SelectChoice(1, "one")])
    assert errors(plain, "1") == ["Not a valid choice."]
    assert "`Not a valid choice.` for a choice that is there" in SAID
    assert errors(number(coerce=int), "1") == []
    empty = [SelectChoice("", "none"), SelectChoice(1, "one")]
    with pytest.raises(ValueError) as caught:
        str(with_field(SelectField(coerce=int, choices=empty)).it)
    assert said("ValueError", caught.value)
    own = SelectField(coerce=lambda value: int(value) if value else None, choices=empty)
    assert [with_field(own, it=value).it.data for value in ("", "1")] == [None, 1]
    assert errors(own, "") == errors(own, "1") == []
    assert errors(SelectField(choices=["a"], validate_choice=False), "new") == []
    enum = {"choices": fields.enum_choices(Size), "coerce": fields.enum_coerce(Size)}
    assert with_field(SelectField(**enum), it="s").it.data is Size.SMALL


def test_choices_that_nobody_gave() -> None:
    with pytest.raises(TypeError) as caught:
        errors(SelectField(), "a")
    assert said("TypeError", caught.value)


def test_tuples_are_deprecated_and_the_others_are_not() -> None:
    with pytest.warns(DeprecationWarning, match="as tuples") as caught:
        with_field(SelectField(choices=[("cn", "China")]))
    assert said("DeprecationWarning", caught[0].message)
    for given in (["cn"], {"cn": "China"}, [SelectChoice("cn", "China")]):
        assert errors(SelectField(choices=given), "cn") == []


# Editing, two forms


def test_editing_writes_the_fields_of_the_form_and_nothing_else() -> None:
    client = editing.app.test_client()
    page = client.get("/notes/1/edit").text
    assert 'value="Buy bread"' in page
    assert "checked" in page
    assert client.post("/notes/1/edit", data={"title": ""}).status_code == 422
    assert client.get("/notes/1").json == {"title": "Buy bread", "done": True, "owner": "ada"}
    answer = client.post("/notes/1/edit", data={"title": "Buy eggs", "owner": "eve"})
    assert (answer.status_code, answer.location) == (302, "/notes/1")
    assert client.get("/notes/1").json == {"title": "Buy eggs", "done": False, "owner": "ada"}


def test_populate_obj_writes_what_is_wrong_too() -> None:
    person = Person()
    form = type("F", (Form,), {"name": StringField(validators=[Length(max=1)])})(
        MultiDict({"name": "too long"})
    )
    assert not form.validate()
    form.populate_obj(person)
    assert person.name == "too long"


def test_two_forms_are_told_apart() -> None:
    client = two_forms.app.test_client()
    names = [tag["name"] for tag in BeautifulSoup(client.get("/").text, "lxml")("input")]
    assert names == ["search-text", "search-send", "news-mail", "news-send"]
    news = {"news-mail": "ada@example.com", "news-send": "Subscribe"}
    assert client.post("/", data=news).json == {"subscribed": "ada@example.com"}
    search = {"search-text": "tea", "search-send": "Search"}
    assert client.post("/", data=search).json == {"search": "tea"}
    assert "<form" in client.post("/", data={**search, "search-text": ""}).text


# JSON


def test_json_becomes_what_a_browser_would_have_sent() -> None:
    client = json_input.app.test_client()
    order = {
        "name": "阿达",
        "gift": True,
        "lines": [{"article": "tea", "count": 2}, {"article": "cup"}],
    }
    right = client.post("/orders", json=order)
    assert right.status_code == 201
    assert right.json == {
        "name": "阿达",
        "gift": True,
        "lines": [{"article": "tea", "count": 2}, {"article": "cup", "count": 1}],
    }
    plain = client.post("/orders", json={"name": 5, "gift": False, "lines": []})
    assert plain.json == {"name": "5", "gift": False, "lines": []}
    wrong = client.post("/orders", json={"name": 5, "gift": False, "lines": [{"count": "x"}]})
    line = {"article": ["This field is required."], "count": ["Not a valid integer value."]}
    assert (wrong.status_code, wrong.json) == (422, {"errors": {"lines": [line]}})
    several = type("F", (Form,), {"it": SelectMultipleField(choices=["a", "b"])})
    assert several(MultiDict(json_input.flat({"it": ["a", "b"]}))).it.data == []
    assert several(MultiDict([("it", "a"), ("it", "b")])).it.data == ["a", "b"]
    for body in ([1], "text", {"name": None}, {}):
        assert client.post("/orders", json=body).status_code == 422


def test_a_dictionary_is_no_form_data() -> None:
    for given in ({"name": "ada"}, []):
        with pytest.raises(TypeError) as caught:
            Form(given)
        assert said("TypeError", caught.value)
    assert type("F", (Form,), {"name": StringField()})(data={"name": "ada"}).data == {"name": "ada"}


def test_json_in_a_flask_form() -> None:
    class Json(FlaskForm):
        name = StringField(validators=[Length(max=3)])
        inner = FormField(nested.AddressForm)

    def filled(body: object) -> Any:
        with login.app.test_request_context(method="POST", json=body):
            return Json(meta={"csrf": False})

    form = filled({"name": "ada", "inner": {"city": "Paris"}})
    assert (form.name.data, form.inner.city.data) == ("ada", None)
    assert filled({"name": 5}).name.data == 5
    with pytest.raises(TypeError):
        filled({"name": 5}).validate()
    with pytest.raises(TypeError):
        filled([1, 2])


def test_where_the_token_goes_with_json() -> None:
    app, _ = protected()

    @app.post("/form")
    def form() -> str:
        return "" if FlaskForm().validate_on_submit() else "refused"

    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    client = app.test_client()
    value = client.get("/").text
    assert client.post("/form", json={"csrf_token": value}).text == ""
    assert client.post("/form", json={"a": 1}).text == "refused"
    app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    assert reason(client.post("/form", json={"csrf_token": value})) == "The CSRF token is missing."
    assert client.post("/form", json={"a": 1}, headers={"X-CSRFToken": value}).text == ""


# Messages


def answer_in(language: str, **data: str) -> Any:
    headers = {"Accept-Language": language}
    return chinese.app.test_client().post("/", data=data, headers=headers)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "该字段是必填字段。"),
        ("zh-TW", "此欄位是必需的。"),
        ("ja", "このフィールドは必須です。"),
        ("fr", "This field is required."),
    ],
)
def test_messages_in_the_language_of_the_browser(language: str, message: str) -> None:
    answer = answer_in(language, name="", age="7")
    assert answer.status_code == 422
    # a message of one's own is used as it is
    assert answer.json == {"name": [message], "age": ["须年满 18 岁。"]}
    assert answer_in(language, name="阿达", age="18").status_code == 200


def test_there_are_more_than_thirty_languages() -> None:
    assert len(list(Path(messages_path()).glob("*/LC_MESSAGES/wtforms.mo"))) > 30


def in_language(*locales: str, field: Any = None) -> Any:
    field = field or StringField(validators=[InputRequired()])
    form = type("F", (Form,), {"it": field})(meta={"locales": list(locales)})
    form.validate()
    return form.it.errors


def test_how_a_catalog_is_named() -> None:
    assert in_language("zh") == in_language("zh_CN") == ["该字段是必填字段。"]
    assert in_language("zh_TW") == ["此欄位是必需的。"]
    for unknown in ("zh-CN", "tlh"):
        with pytest.raises(FileNotFoundError) as caught:
            in_language(unknown)
        assert said("FileNotFoundError", caught.value)
        assert in_language(unknown, "en") == ["This field is required."]


def test_the_chinese_catalog_is_not_complete_and_not_always_right() -> None:
    catalog = gettext.translation("wtforms", messages_path(), ["zh"])
    unknown = "Date must be at least %(min)s."
    assert unknown in own_messages.OWN
    assert catalog.gettext(unknown) == unknown
    at_least = catalog.gettext("Number must be at least %(min)s.")
    assert "大于" in at_least
    assert errors(IntegerField(validators=[validators.NumberRange(min=3)]), "3") == []


def test_own_messages_come_first() -> None:
    client = own_messages.app.test_client()
    first = client.post("/", data={"day": "2025-12-31"})
    assert (first.status_code, first.json) == (
        422,
        {"place": ["不能为空。"], "day": ["不能早于 2026-01-01 00:00:00。"]},
    )
    second = client.post("/", data={"place": "一个名字太长太长的地方", "day": "2026-05-01"})
    assert second.json == {"place": ["字段长度不能超过 10 个字符。"]}
    assert client.post("/", data={"place": "成都", "day": "2026-05-01"}).status_code == 204


def test_a_catalog_of_ones_own(tmp_path: Path) -> None:
    catalog = polib.POFile()
    catalog.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    catalog.append(polib.POEntry(msgid="This field is required.", msgstr="Dies fehlt."))
    folder = tmp_path / "tlh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog.save_as_mofile(str(folder / "wtforms.mo"))

    class Own(Form):
        class Meta(DefaultMeta):
            def get_translations(self, form: Form) -> gettext.NullTranslations:
                return gettext.translation("wtforms", tmp_path, ["tlh"])

        it = StringField(validators=[InputRequired()])

    form = Own()
    assert not form.validate()
    assert form.errors == {"it": ["Dies fehlt."]}


def test_a_flask_form_ignores_locales_until_it_is_told_not_to() -> None:
    class Local(FlaskForm):
        class Meta:
            locales = ("zh",)

        it = StringField(validators=[InputRequired()])

    found = []
    for config in ({}, {"WTF_I18N_ENABLED": False}):
        app, _ = protected(**config)
        with app.test_request_context():
            form = Local(meta={"csrf": False})
            assert not form.validate()
            found += form.it.errors
    assert found == ["This field is required.", "该字段是必填字段。"]


# Rendering


def test_each_error_belongs_to_its_field() -> None:
    client = rendering.app.test_client()
    page = BeautifulSoup(client.get("/").text, "lxml")
    assert not page.select("[aria-invalid]")
    assert page.select_one("[aria-describedby]")["aria-describedby"] == "mail-help"  # type: ignore[index]
    wrong = client.post("/", data={"mail": "ada", "text": "Hi"})
    assert wrong.status_code == 422
    page = BeautifulSoup(wrong.text, "lxml")
    described = {}
    for control in page.select("input, textarea"):
        assert page.select_one(f"label[for={control['id']}]")
        ids = str(control.get("aria-describedby", "")).split()
        texts = [page.find(id=one).text for one in ids]  # type: ignore[union-attr]
        described[control["name"]] = (control.get("aria-invalid"), texts)
    assert described == {
        "name": ("true", ["This field is required."]),
        "mail": ("true", ["We answer to it.", "Invalid email address."]),
        "text": ("true", ["Field must be at least 5 characters long."]),
    }
    right = client.post("/", data={"name": "Ada", "text": "Hello"})
    assert right.text == "Thank you."


def test_what_a_keyword_becomes() -> None:
    field = StringField(render_kw={"class": "wide", "autofocus": True, "title": "a"})
    html = with_field(field).it(class_="narrow", data_a_b=7, aria_label='"', title=False)
    assert attributes(html) == {
        "class": ["narrow"],
        "autofocus": "",
        "data-a-b": "7",
        "aria-label": '"',
        "id": "it",
        "name": "it",
        "type": "text",
        "value": "",
    }


def test_what_a_template_may_ask_a_field() -> None:
    form = with_field(StringField(description="help", validators=[InputRequired()]))
    field = form.it
    assert (field.type, field.description, field.flags.required) == ("StringField", "help", True)
    assert field.flags.hidden is None
    assert with_field(HiddenField()).it.flags.hidden is True
    options = list(with_field(RadioField(choices=["a", "b"])).it)
    assert [str(option.label) for option in options] == [
        '<label for="it-0">a</label>',
        '<label for="it-1">b</label>',
    ]
    assert [attributes(option)["value"] for option in options] == ["a", "b"]


def test_own_field_and_widget() -> None:
    client = own_field.app.test_client()
    assert client.get("/").text.endswith('value="new"> <small>at most 3</small>')
    right = client.post("/", data={"tags": "flask, wtforms,"})
    assert (right.status_code, right.json) == (201, {"tags": ["flask", "wtforms"]})
    wrong = client.post("/", data={"tags": "a, b, c, d"})
    assert (wrong.status_code, wrong.json) == (422, {"tags": ["Three tags are enough."]})
    # what is not sent leaves the default
    assert client.post("/").json == {"tags": ["new"]}
    counted = with_field(own_field.TagsField(validators=[Length(max=3)]))
    assert attributes(counted.it)["maxlength"] == "3"


def test_every_input_asks_for_the_value() -> None:
    class Shouting(StringField):
        def _value(self) -> str:
            return "LOUD"

    assert attributes(with_field(Shouting(), it="quiet").it)["value"] == "LOUD"


# How it works inside


def test_the_class_body_runs_before_the_metaclass() -> None:
    steps: list[str] = []

    class NotingMeta(FormMeta):
        def __init__(self, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> None:
            steps.append(f"FormMeta.__init__ {name} {type(attrs['name']).__name__}")
            super().__init__(name, bases, attrs)

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            steps.append(f"FormMeta.__call__ {self._unbound_fields}")
            return super().__call__(*args, **kwargs)

    class NotingForm(Form, metaclass=NotingMeta):
        name = StringField(steps.append("class body"))

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            steps.append(f"__new__ {len(cls._unbound_fields)} {cls._wtforms_meta.__name__}")
            return super().__new__(cls)

        def __init__(self) -> None:
            steps.append(f"__init__ {hasattr(self, '_fields')}")
            super().__init__()

    NotingForm()
    assert steps == [
        "class body",
        "FormMeta.__init__ NotingForm UnboundField",
        "FormMeta.__call__ None",
        "__new__ 1 Meta",
        "__init__ False",
    ]
    # collected once
    before = NotingForm._unbound_fields
    NotingForm()
    assert NotingForm._unbound_fields is before
    assert vars(NotingForm)["_unbound_fields"] is before


def test_a_field_needs_a_form_to_be_one() -> None:
    unbound = StringField("Name", validators=[InputRequired()])
    assert type(unbound).__name__ == "UnboundField"
    assert (unbound.field_class, unbound.args) == (StringField, ("Name",))
    assert list(unbound.kwargs) == ["validators"]
    assert StringField().creation_counter == unbound.creation_counter + 1
    assert type(unbound.bind(Form(), "name")) is StringField
    with pytest.raises(AttributeError) as caught:
        _ = unbound.data
    assert said("AttributeError", caught.value)


def test_order_is_kept_across_base_classes_and_mixins() -> None:
    class Mixin:
        z = StringField()

    class Base(Form):
        y = StringField()
        _private = StringField()

    class Child(Base, Mixin):
        x = StringField()

    assert [field.name for field in Child()] == ["z", "y", "x"]
    Child.w = StringField()
    assert [field.name for field in Child()] == ["z", "y", "x", "w"]
    del Child.w
    assert [field.name for field in Child()] == ["z", "y", "x"]


def test_meta_is_made_of_all_and_the_nearest_wins() -> None:
    class Base(Form):
        class Meta:
            csrf_field_name = "base"
            locales = ("zh",)

    class Child(Base):
        class Meta:
            csrf_field_name = "child"

    assert (Child().meta.csrf_field_name, Child().meta.locales) == ("child", ("zh",))
    assert Child(meta={"locales": ["en"]}).meta.locales == ["en"]
    assert Child().meta.locales == ("zh",)


STEPS = [
    *("LoginForm.__init__", "Meta.get_translations", "Meta.bind_field", "NameField.__init__"),
    *("LoginForm.process", "Meta.wrap_formdata", "NameField.process", "NameField.process_data"),
    *("NameField.process_formdata", "LoginForm.filter_name", "LoginForm.post_process"),
    *("NameField.post_process", "LoginForm.validate", "NameField.validate"),
    *("NameField.pre_validate", "InputRequired", "Length", "LoginForm.validate_name"),
    *("NameField.post_validate", "NameField.__html__", "NameField.__call__"),
    *("Meta.render_field", "TextInput"),
]


def test_the_journal_has_every_step_in_order() -> None:
    client = journal.app.test_client()
    assert client.get("/?name=ada").text.splitlines() == STEPS
    rendered = STEPS[:-4]
    stopped = [step for step in rendered if step not in ("Length", "LoginForm.validate_name")]
    assert client.get("/?name=").text.splitlines() == stopped
    nothing = [step for step in stopped if step != "NameField.process_formdata"]
    assert client.get("/").text.splitlines() == nothing


def test_every_field_is_validated_and_begins_with_its_conversion() -> None:
    class Two(Form):
        first = IntegerField(validators=[validators.NumberRange(min=1)])
        second = StringField(validators=[InputRequired()])

    form = Two(MultiDict({"first": "x"}))
    assert form.first.process_errors == ["Not a valid integer value."]
    assert form.errors == {}
    assert not form.validate()
    assert form.first.errors == ["Not a valid integer value.", "Number must be at least 1."]
    assert form.second.errors == ["This field is required."]


def test_post_process_runs_when_all_fields_have_their_values() -> None:
    seen: list[Any] = []

    class Reader(StringField):
        def post_process(self, formdata: Any = None) -> None:
            seen.append(later())

    class Two(Form):
        first = Reader()
        second = StringField()

    later: Callable[[], Any]

    class Watched(Two):
        def post_process(self, formdata: Any = None) -> None:
            nonlocal later
            later = lambda: self.second.data  # noqa: E731
            super().post_process(formdata)

    Watched(MultiDict({"second": "b"}))
    assert seen == ["b"]


def test_the_base_form_processes_and_knows_no_methods() -> None:
    assert "process" in vars(BaseForm)
    assert "process" not in vars(Form)
    called: list[str] = []

    class Plain(BaseForm):
        def validate_name(self, field: Field) -> None:
            called.append("inline")

    form = Plain({"name": StringField()})
    form.process(MultiDict({"name": "ada"}))
    assert form.validate()
    assert (form["name"].data, called, hasattr(form, "name")) == ("ada", [], False)


def test_a_stop_in_the_chain_and_post_validate() -> None:
    class Watched(StringField):
        stopped: list[bool] = []  # noqa: RUF012

        def post_validate(self, form: Form, validation_stopped: bool) -> None:
            self.stopped.append(validation_stopped)

    def stop(form: Form, field: Field) -> None:
        raise StopValidation("stopped")

    def fail(form: Form, field: Field) -> None:
        raise ValidationError("failed")

    assert errors(Watched(validators=[fail, stop, fail])) == ["failed", "stopped"]
    assert errors(Watched(validators=[fail])) == ["failed"]
    assert Watched.stopped == [True, False]


def test_the_rendering_chain() -> None:
    form = with_field(StringField(), it='<"Ada">')
    field = form.it
    html = field.widget(field)
    assert html == field() == str(field) == field.__html__() == form.meta.render_field(field, {})
    assert field.widget is StringField.widget is with_field(StringField()).it.widget
    names = re.findall(r" ([a-z]+)=", html)
    assert names == sorted(names)
    assert widgets.html_params(b='"', a=True) == 'a b="&#34;"'
    assert "&lt;" in login.app.jinja_env.from_string("{{ field }}").render(field=field)
    assert "&amp;lt;" not in login.app.jinja_env.from_string("{{ field() }}").render(field=field)


# The library


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


# Pitfalls


def raised(call: Callable[[], object], kind: type[BaseException]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


class OldValidator:
    field_flags = ("required",)

    def __call__(self, form: Form, field: Field) -> None:
        """Accept everything."""


class OldLogin(FlaskForm):
    name = StringField()

    def validate(self) -> bool:  # type: ignore[override]
        return True


OldLogin.__qualname__ = "LoginForm"
OldLogin.validate.__qualname__ = "LoginForm.validate"


def validate_old_login() -> None:
    with login.app.test_request_context(method="POST"):
        OldLogin(meta={"csrf": False}).validate_on_submit()


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: StringField(validators=[validators.DataRequired]), TypeError),
        (lambda: StringField(validators=["required"]), TypeError),
        (lambda: with_field(StringField("x", validators.DataRequired())), TypeError),
        (validate_old_login, TypeError),
        (lambda: with_field(StringField()).it.errors.append("x"), AttributeError),
        (lambda: with_field(StringField(validators=[OldValidator()])), AttributeError),
        (lambda: with_field(FieldList(StringField)), AssertionError),
        (lambda: Form().__setitem__("note", StringField()), TypeError),
    ],
)
def test_a_mistake_is_answered_with_what_the_page_says(
    call: Callable[[], object], kind: type[BaseException]
) -> None:
    assert said(kind.__name__, raised(call, kind))


def test_the_remedies_of_those_mistakes() -> None:
    form = with_field(StringField(validators=[validators.DataRequired()]), it="")
    form.validate()
    form.it.errors.append("more")
    assert form.it.errors == ["This field is required.", "more"]
    OldValidator.field_flags = {"required": True}  # type: ignore[assignment]
    try:
        assert "required" in attributes(with_field(StringField(validators=[OldValidator()])).it)
    finally:
        OldValidator.field_flags = ("required",)
    assert with_field(FieldList(StringField(), min_entries=1)).it.data == [None]


def test_a_field_named_like_a_part_of_the_form() -> None:
    def named(name: str) -> Any:
        return type(
            "F", (Form,), {name: StringField(), "it": StringField(validators=[InputRequired()])}
        )

    # HTML, and so true
    assert named("validate")().validate().startswith("<input")
    form = named("errors")()
    assert not form.validate()
    assert isinstance(form.errors, StringField)
    assert isinstance(named("data")().data, StringField)
    assert isinstance(named("populate_obj")().populate_obj, StringField)
    for taken, kind in (("process", TypeError), ("meta", AttributeError)):
        with pytest.raises(kind):
            named(taken)()
    other = type("F", (Form,), {"data_": StringField(name="data")})(MultiDict({"data": "x"}))
    assert other.data == {"data_": "x"}


# Then and now


def test_what_the_notes_say_of_the_classes() -> None:
    assert Form.__bases__ == (BaseForm,)
    assert type(Form) is FormMeta
    assert FormMeta not in Form.__mro__
    simple = importlib.import_module("wtforms.fields.simple")
    assert simple.StringField is wtforms.StringField
    assert isinstance(StringField.widget, widgets.TextInput)
    assert isinstance(PasswordField.widget, widgets.PasswordInput)
    own = with_field(StringField(widget=widgets.PasswordInput()), it="secret").it
    assert (attributes(own)["type"], attributes(own)["value"]) == ("password", "")


def imports(statement: str) -> str:
    """Return what an old import ends in, without the path of this machine."""
    with pytest.raises(ImportError) as caught:
        exec(statement)
    return f"{type(caught.value).__name__}: {str(caught.value).partition(' (')[0]}"


def test_old_imports_end_as_the_page_says() -> None:
    section = TEXT.partition("What old posts import")[2].partition(":::")[0]
    entries = re.findall(r"^`(from [^`]+)`\n: (.+)$", section, re.MULTILINE)
    assert len(entries) == 9
    failing = 0
    for statement, answer in entries:
        if statement == "from flask_wtf import Form":
            continue
        found = imports(statement)
        if "Error: " in answer:
            assert f"`{found}`" in answer, statement
            failing += 1
    assert failing == 7


def test_the_form_of_flask_wtf_is_the_plain_one() -> None:
    assert flask_wtf.Form is Form

    class LoginForm(flask_wtf.Form):
        name = StringField()

    form = LoginForm()
    with pytest.raises(AttributeError) as caught:
        form.validate_on_submit()
    assert f"`AttributeError: {caught.value}`" in SAID
    assert "csrf_token" not in form
    assert CSRFProtect.__name__ == "CSRFProtect"


def test_the_old_argument_for_the_token_is_ignored() -> None:
    with login.app.test_request_context():
        assert "csrf_token" in login.LoginForm(csrf_enabled=False)
        assert "csrf_token" not in login.LoginForm(meta={"csrf": False})


def test_the_obsolete_field_warns() -> None:
    with pytest.warns(
        DeprecationWarning, match='<input type="datetime">, which is obsolete'
    ) as caught:
        with_field(DateTimeField())
    assert "DateTimeLocalField" in str(caught[0].message)


# In a browser


def test_what_the_page_says_of_browsers() -> None:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    app = Flask("forms-browser", static_folder=None)
    received: list[dict[str, Any]] = []

    class Browsed(Form):
        name = StringField("Name", [InputRequired(), Length(min=2)])
        one = SubmitField("One")
        two = SubmitField("Two")
        photo = FileField("Photo")

    @app.get("/<options>")
    def ask(options: str) -> str:
        form, kind = Browsed(), 'enctype="multipart/form-data"' if "files" in options else ""
        form_tag = f"<form method=post action=/ {kind} {'novalidate' if 'free' in options else ''}>"
        return f"{form_tag}{form.name}{form.photo}{form.one}{form.two}</form>"

    @app.get("/contact")
    def contact() -> str:
        with rendering.app.test_client() as client:
            return client.post("/", data={"mail": "ada"}).text

    @app.post("/")
    def take() -> str:
        received.append({**request.form, "files": list(request.files)})
        return "taken"

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=flags)
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
            # the button that was pressed and not the other; a file needs its enctype
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
