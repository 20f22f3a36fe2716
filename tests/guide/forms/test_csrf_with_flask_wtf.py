"""CSRF with Flask-WTF: docs/guide/forms.md."""

from __future__ import annotations

import inspect
import io
import re
from datetime import datetime, timedelta

import flask_wtf
import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Blueprint, Flask, g, request, session
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from flask_wtf.file import FileField
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, Field, Form, HiddenField, StringField
from wtforms.csrf.core import CSRF
from wtforms.csrf.session import SessionCSRF

from proven.claims.proofs import proves
from snippets.forms import csrf_protect, login, session_csrf
from tests.guide.forms.common import attributes, code, protected, reason, rows, said, token


@proves(
    "guide/forms",
    "To protect every view, including those without a form class, add CSRFProtect:",
    "CSRFProtect checks each POST, PUT, PATCH and DELETE request to a view.",
    "Without a handler of your own, Flask responds with 400.",
)
@proves("guide/session-cookie", "A token does, such as that of Flask-WTF's CSRFProtect.")
def test_every_changing_method_needs_a_token_in_form_or_header() -> None:
    app, _ = protected()
    client = app.test_client()
    value = client.get("/").text
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert reason(client.open("/", method=method)) == "The CSRF token is missing."
        for header in ("X-CSRFToken", "X-CSRF-Token"):
            assert client.open("/", method=method, headers={header: value}).status_code == 200
        assert client.open("/", method=method, data={"csrf_token": value}).status_code == 200


@proves(
    "guide/forms",
    "If the check fails, it raises CSRFError, a subclass of BadRequest.",
    "csrf.exempt exempts a view or a blueprint.",
)
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


@proves(
    "guide/forms",
    "It looks for the token in the form, then in the request headers X-CSRFToken and X-CSRF-Token.",
)
def test_the_form_comes_before_the_headers() -> None:
    app, _ = protected()
    client = app.test_client()
    good = client.get("/").text
    for first, second, status in ((good, "bad", 200), ("bad", good, 400)):
        form, header = {"csrf_token": first}, {"X-CSRFToken": second}
        assert client.post("/", data=form, headers=header).status_code == status
        headers = {"X-CSRFToken": first, "X-CSRF-Token": second}
        assert client.post("/", headers=headers).status_code == status


@proves(
    "guide/forms",
    "CSRFProtect registers a function that runs before each request, see before_request().",
)
def test_the_check_runs_before_each_request() -> None:
    bare = Flask("bare")
    bare.secret_key = "test"
    assert bare.before_request_funcs == {}
    CSRFProtect(bare)
    assert [each.__name__ for each in bare.before_request_funcs[None]] == ["csrf_protect"]


@proves(
    "guide/forms",
    "FlaskForm overrides wrap_formdata().",
    "If the request is submitted, this method takes the first of these that is not empty: "
    "the files together with the form, the form, the JSON body.",
    "In a GET request it passes no data, even if there is a query string.",
    "To read the query string, pass it: SearchForm(request.args).",
)
def test_where_a_flask_form_gets_its_data() -> None:
    app, _ = protected(WTF_CSRF_ENABLED=False)

    class Data(FlaskForm):
        it = StringField()
        photo = FileField()

    assert "wrap_formdata" in vars(FlaskForm.Meta)

    def got(method: str, data: object = None, json: object = None) -> tuple[object, object]:
        with app.test_request_context("/?it=query", method=method, data=data, json=json):
            form = Data()
            return form.it.data, form.photo.data and form.photo.data.filename

    file = (io.BytesIO(b"x"), "a.png")
    assert got("POST", {"it": "form", "photo": file}) == ("form", "a.png")
    assert got("POST", {"it": "form"}) == ("form", None)
    assert got("POST", json={"it": "json"}) == ("json", None)
    assert got("POST") == got("GET") == (None, None)
    with app.test_request_context("/?it=query"):
        assert Data(request.args).it.data == "query"


@proves("guide/forms", "SessionCSRF protects only views that validate such a form.")
def test_wtforms_own_csrf_protects_nothing_but_its_forms() -> None:
    app = Flask("two-views")
    app.secret_key = "test"
    app.add_url_rule("/form", "form", session_csrf.save, methods=["POST"])
    app.add_url_rule("/open", "open", lambda: "open", methods=["POST"])
    client = app.test_client()
    assert client.post("/form", data={"text": "x"}).status_code == 422
    assert client.post("/open").text == "open"


@proves("guide/forms", "csrf.exempt exempts a view or a blueprint.")
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


@proves(
    "guide/forms",
    "With WTF_CSRF_CHECK_DEFAULT = False, CSRFProtect checks a request only when you call "
    "csrf.protect().",
    "WTF_CSRF_CHECK_DEFAULT | True | False: only where you call csrf.protect()",
)
def test_nothing_is_checked_until_protect_is_called() -> None:
    app, csrf = protected(WTF_CSRF_CHECK_DEFAULT=False)
    app.add_url_rule("/asks", "asks", lambda: csrf.protect() or "", methods=["POST"])
    client = app.test_client()
    assert client.post("/").status_code == 200
    assert reason(client.post("/asks")) == "The CSRF token is missing."


@proves(
    "guide/forms",
    "You can also use the client in a with block, send a GET request, and read g.csrf_token.",
    "Flask-WTF stores a random value in the session.",
    "The token is this value, signed with the secret key and the current time.",
    "All forms of one session share the value.",
)
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


@proves(
    "guide/forms",
    "A FlaskForm has the token as a hidden field.",
    "{{ form.hidden_tag() }} renders it together with all other hidden fields.",
    "{{ form.csrf_token }} renders the token alone.",
)
def test_hidden_tag_renders_every_hidden_field() -> None:
    class Hiding(FlaskForm):
        page = HiddenField(default="3")
        name = StringField()

    with login.app.test_request_context():
        form = Hiding()
        names = [tag["name"] for tag in BeautifulSoup(form.hidden_tag(), "lxml").select("input")]
        assert names == ["page", "csrf_token"]
        assert attributes(form.csrf_token)["value"] == form.csrf_token.current_token


@proves(
    "guide/forms",
    "WTF_CSRF_ENABLED | True | False turns off every check, for tests",
    "WTF_CSRF_SECRET_KEY | SECRET_KEY | signs the token",
    "WTF_CSRF_TIME_LIMIT | 3600 | lifetime of a token in seconds; None: as long as the session",
    'WTF_CSRF_FIELD_NAME | "csrf_token" | name of the field, and key in the session',
    'WTF_CSRF_HEADERS | ["X-CSRFToken", "X-CSRF-Token"] | request headers that may carry the token',
    "WTF_CSRF_METHODS | POST, PUT, PATCH, DELETE | methods that CSRFProtect checks",
    "WTF_CSRF_CHECK_DEFAULT | True | False: only where you call csrf.protect()",
    "WTF_CSRF_SSL_STRICT | True | over HTTPS, the Referer must have the same host",
)
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


@proves(
    "guide/forms",
    "WTF_CSRF_ENABLED | True | False turns off every check, for tests",
    "WTF_CSRF_SECRET_KEY | SECRET_KEY | signs the token",
    'WTF_CSRF_FIELD_NAME | "csrf_token" | name of the field, and key in the session',
    'WTF_CSRF_HEADERS | ["X-CSRFToken", "X-CSRF-Token"] | request headers that may carry the token',
    "WTF_CSRF_METHODS | POST, PUT, PATCH, DELETE | methods that CSRFProtect checks",
)
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


@proves(
    "guide/forms",
    "WTF_CSRF_TIME_LIMIT | 3600 | lifetime of a token in seconds; None: as long as the session",
)
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


@proves(
    "guide/forms",
    "WTF_CSRF_SSL_STRICT | True | over HTTPS, the Referer must have the same host",
    "The default of csrf_time_limit is 30 minutes.",
    "For a token of another kind, derive a class from CSRF, define generate_csrf_token() "
    "in it, and set it as csrf_class.",
    "The CSRF token is missing. | the template has no {{ form.hidden_tag() }}, or the "
    "script sends no header | render the token, or send it",
    "The CSRF session token is missing. | the browser sent no session cookie: it is "
    "blocked, or has SESSION_COOKIE_SECURE over http, or belongs to another host | see "
    "why a message vanishes: the causes are the same",
    "The CSRF token has expired. | the page was open longer than WTF_CSRF_TIME_LIMIT | "
    "show the form again: it has a new token",
    "The CSRF tokens do not match. | the token is from another session: the visitor "
    "logged in or out in another tab | reload the page",
    "The CSRF token is invalid. | the token was signed with another key, or is damaged | "
    "use one secret key for all processes",
    "The referrer header is missing. | the request came over HTTPS, and the page forbids "
    "Referer | remove Referrer-Policy: no-referrer",
    "The referrer does not match the host. | behind a proxy, the application has a wrong "
    "host | ProxyFix",
    "CSRF token missing. | SessionCSRF: the token was not sent | render {{ form.csrf_token }}",
    "CSRF failed. | SessionCSRF: the token is from another session, or was signed with "
    "another secret | reload the page",
    "CSRF token expired. | SessionCSRF: the token is older than csrf_time_limit | show "
    "the form again",
    "Invalid CSRF Token. | your own subclass of CSRF: the token is not the value that it "
    "generates | generate the same value for the same user",
)
def test_the_table_of_csrf_errors_has_each_message() -> None:
    produced = [*csrf_messages().values(), *session_csrf_messages().values()]
    shown = [code(row[0])[0] for row in rows("forms-csrf-errors") if row[0].startswith("`")]
    assert shown == produced
    # and there are no others
    source = inspect.getsource(flask_wtf.csrf)
    known = re.findall(r'(?:ValidationError|_error_response)\("([^"]+)"\)', source)
    assert set(known) <= set(shown)
    assert len(known) == 7


@proves(
    "guide/forms",
    "WTForms has SessionCSRF.",
    "It stores a random value in an object with the methods of a dictionary, such as "
    "Flask's session.",
)
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


@proves(
    "guide/forms",
    "csrf_secret must be bytes.",
    "With SessionCSRF the messages are Exception: must set `csrf_secret` on class Meta "
    "for SessionCSRF to work and TypeError: Must provide a session-like object as csrf "
    "context.",
)
def test_without_secret_or_session_wtforms_says_so() -> None:
    with pytest.raises(Exception, match="csrf_secret") as caught:
        Form(meta={"csrf": True})
    assert said("Exception", caught.value)
    with pytest.raises(TypeError) as wrong:
        Form(meta={"csrf": True, "csrf_secret": b"x"})
    assert said("TypeError", wrong.value)
    with pytest.raises(TypeError):
        Form(meta={"csrf": True, "csrf_secret": "text", "csrf_context": {}})


@proves(
    "guide/forms",
    "A FlaskForm was created, and the application has no SECRET_KEY.",
    "A FlaskForm was created while the module was imported, or in a script.",
)
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
