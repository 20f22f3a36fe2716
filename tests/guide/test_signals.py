"""Every claim of the page on signals, proved."""

import gc
import logging
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import blinker
import flask
import pytest
from blinker import Namespace, Signal
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    before_render_template,
    current_app,
    flash,
    g,
    get_flashed_messages,
    got_request_exception,
    has_app_context,
    has_request_context,
    message_flashed,
    render_template,
    render_template_string,
    request,
    request_finished,
    request_started,
    request_tearing_down,
    session,
    stream_template,
    template_rendered,
)
from jinja2 import DictLoader, Template
from werkzeug.test import TestResponse

from snippets.signals import (
    all_ten,
    captured,
    journal,
    life_of_a_request,
    own_signal,
    smallest,
    weak_receivers,
)

Receiver = Callable[..., Any]


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """An application with a good and a bad view; the logger has its name, so each has one of its own."""
    app = Flask(request.node.name, static_folder=None)
    app.secret_key = "for the tests"
    app.jinja_loader = DictLoader(
        {
            "base.html": "{% block title %}{% endblock %}",
            "part.html": "part",
            "page.html": "{% extends 'base.html' %}{% block title %}{% include 'part.html' %}{% endblock %}",
            "broken.html": "{{ 1 // 0 }}",
        }
    )
    app.add_url_rule("/", view_func=lambda: "fine", endpoint="index")
    app.add_url_rule("/bug", view_func=lambda: 1 // 0, endpoint="bug")
    return app


def send(app: Flask, path: str = "/") -> TestResponse:
    """Send one request with a client of its own, to its very end."""
    response = app.test_client().get(path)
    response.close()
    return response


@pytest.fixture
def heard(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    """What the signals of the application said, in order."""
    found: list[tuple[str, dict[str, Any]]] = []
    all_ten.watch(app, lambda name, **arguments: found.append((name, arguments)))
    return found


def names(heard: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [name for name, _ in heard]


# The smallest thing, and the table of all ten.


def test_a_receiver_keeps_the_error_that_no_handler_answered() -> None:
    smallest.errors.clear()
    client = smallest.app.test_client()
    assert client.get("/share/3").text == "4 each"
    assert client.get("/errors").json == []
    assert client.get("/share/0").status_code == 500
    assert client.get("/errors").json == [
        "/share/0: ZeroDivisionError('integer division or modulo by zero')"
    ]


def test_a_receiver_is_called_at_once_and_in_the_thread_of_the_request(app: Flask) -> None:
    moments: list[tuple[str, int]] = []

    def receive(sender: Flask, **extra: Any) -> None:
        moments.append(("receiver", threading.get_ident()))

    @app.get("/flash")
    def view() -> str:
        moments.append(("before", threading.get_ident()))
        flash("x")
        moments.append(("after", threading.get_ident()))
        return ""

    with message_flashed.connected_to(receive, app):
        send(app, "/flash")
    assert [moment for moment, _ in moments] == ["before", "receiver", "after"]
    assert len({thread for _, thread in moments}) == 1


def test_there_are_ten_signals_and_each_can_be_imported_from_flask() -> None:
    signals = {
        name: value for name, value in vars(flask.signals).items() if isinstance(value, Signal)
    }
    assert len(signals) == 10
    assert set(signals.values()) == set(all_ten.ALL_TEN)
    for name, signal in signals.items():
        assert getattr(flask, name) is signal
        assert isinstance(signal, blinker.NamedSignal)
        assert signal.name == name.replace("_", "-")


GOOD_SIGNALS = [
    {"signal": "appcontext_pushed"},
    {"signal": "request_started"},
    {"signal": "message_flashed", "message": "'猫'", "category": "'message'"},
    {"signal": "before_render_template", "template": "cart.html", "context": "{…}"},
    {"signal": "template_rendered", "template": "cart.html", "context": "{…}"},
    {"signal": "request_finished", "response": "Response 200"},
    {"signal": "request_tearing_down", "exc": "None"},
    {"signal": "appcontext_tearing_down", "exc": "None"},
    {"signal": "appcontext_popped"},
]


def test_all_signals_of_a_request_with_their_keywords() -> None:
    all_ten.notes.clear()
    client = all_ten.app.test_client()
    assert client.get("/cart/3").text.strip() == "<p>Your cart has 4 things in it."
    assert client.get("/notes").json == [
        *GOOD_SIGNALS,
        {"signal": "appcontext_pushed"},
        {"signal": "request_started"},
    ]


def test_all_signals_of_a_request_with_an_error_in_the_view() -> None:
    all_ten.notes.clear()
    assert send(all_ten.app, "/cart/0").status_code == 500
    assert all_ten.notes == [
        {"signal": "appcontext_pushed"},
        {"signal": "request_started"},
        {"signal": "message_flashed", "message": "'猫'", "category": "'message'"},
        {"signal": "got_request_exception", "exception": "ZeroDivisionError"},
        {"signal": "request_finished", "response": "Response 500"},
        {"signal": "request_tearing_down", "exc": "ZeroDivisionError"},
        {"signal": "appcontext_tearing_down", "exc": "ZeroDivisionError"},
        {"signal": "appcontext_popped"},
    ]


def test_the_sender_is_the_application_and_the_rest_are_keywords(app: Flask) -> None:
    found: list[tuple[Any, ...]] = []

    def receive(*arguments: Any, **keywords: Any) -> None:
        found.append((*arguments, sorted(keywords)))

    @app.get("/all")
    def view() -> str:
        flash("x", "warning")
        return render_template("page.html")

    for signal in all_ten.ALL_TEN:
        signal.connect(receive, app)
    send(app, "/all")
    send(app, "/bug")
    assert {sender is app for sender, _ in found} == {True}
    assert sorted({tuple(keywords) for _, keywords in found}) == [
        (),
        ("category", "message"),
        ("context", "template"),
        ("exc",),
        ("exception",),
        ("response",),
    ]


def test_template_is_a_template_of_jinja_and_context_a_dictionary(app: Flask) -> None:
    app.add_url_rule("/page", view_func=lambda: render_template("page.html", a=1), endpoint="page")
    found: list[Any] = []

    def receive(sender: Flask, template: Template, context: dict[str, Any], **extra: Any) -> None:
        found.append((type(template), type(context), context["a"]))

    with template_rendered.connected_to(receive, app):
        send(app, "/page")
    assert found == [(Template, dict, 1)]


def test_message_flashed_is_sent_by_each_flash_and_not_by_showing(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    @app.get("/two")
    def two() -> list[str]:
        flash("a")
        flash("b", "error")
        return get_flashed_messages()  # type: ignore[return-value]

    assert send(app, "/two").json == ["a", "b"]
    assert [arguments for name, arguments in heard if name == "message_flashed"] == [
        {"message": "'a'", "category": "'message'"},
        {"message": "'b'", "category": "'error'"},
    ]


def test_request_started_knows_session_and_url(app: Flask) -> None:
    found: list[Any] = []

    def receive(sender: Flask, **extra: Any) -> None:
        found.append((request.endpoint, dict(session)))

    with request_started.connected_to(receive, app):
        client = app.test_client()
        with client.session_transaction() as stored:
            stored["user"] = "ada"
        client.get("/")
    assert found[-1] == ("index", {"user": "ada"})


# Outside a request, streams, nested templates.


def test_an_application_context_and_a_command_send_the_three_signals_of_the_context(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    three = ["appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"]
    with app.app_context():
        pass
    assert names(heard) == three
    heard.clear()
    app.cli.command("tidy")(lambda: None)
    assert app.test_cli_runner().invoke(args=["tidy"]).exit_code == 0
    assert names(heard) == three


def test_a_test_request_context_sends_teardown_but_neither_started_nor_finished(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    with app.test_request_context("/"):
        pass
    assert names(heard) == [
        "appcontext_pushed",
        "request_tearing_down",
        "appcontext_tearing_down",
        "appcontext_popped",
    ]


def test_a_streamed_template_is_rendered_after_its_last_piece(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    @app.get("/stream")
    def stream() -> Iterator[str]:
        pieces = stream_template("page.html")
        heard.append(("returned", {}))
        return pieces

    response = app.test_client().get("/stream")
    assert "template_rendered" not in names(heard)
    assert names(heard).index("before_render_template") < names(heard).index("returned")
    assert response.text == "part"
    assert names(heard)[-5:].count("template_rendered") == 1
    response.close()

    heard.clear()
    response = app.test_client().get("/stream")
    response.close()
    assert "before_render_template" in names(heard)
    assert "template_rendered" not in names(heard)


def test_a_template_that_extends_and_includes_sends_one_pair(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.add_url_rule("/page", view_func=lambda: render_template("page.html"), endpoint="page")
    assert send(app, "/page").text == "part"
    assert [
        (name, arguments["template"]) for name, arguments in heard if "template" in arguments
    ] == [("before_render_template", "page.html"), ("template_rendered", "page.html")]


def test_a_template_from_a_string_has_no_name(app: Flask) -> None:
    with captured.captured_templates(app) as rendered, app.test_request_context():
        render_template_string("x")
    assert [template.name for template, _ in rendered] == [None]


def test_a_template_that_fails_is_not_rendered(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.add_url_rule("/broken", view_func=lambda: render_template("broken.html"), endpoint="broken")
    assert send(app, "/broken").status_code == 500
    assert "before_render_template" in names(heard)
    assert "template_rendered" not in names(heard)


# Connecting.


def test_without_a_sender_a_receiver_hears_every_application(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    other = Flask("other", static_folder=None)
    with request_started.connected_to(receive, app):
        send(app)
        send(other)
    assert heard == [app]
    heard.clear()
    request_started.connect(receive)
    send(app)
    send(other)
    assert heard == [app, other]


def test_disconnect_ends_all_connections(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    request_started.connect(receive, app)
    request_started.connect(receive)
    request_started.disconnect(receive)
    send(app)
    assert heard == []


def test_a_receiver_that_is_connected_twice_is_called_once(app: Flask) -> None:
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    request_started.connect(receive, app)
    request_started.connect(receive)
    send(app)
    assert heard == ["called"]


def test_receivers_are_kept_in_a_set() -> None:
    assert Signal.set_class is set
    assert {type(signal).set_class for signal in all_ten.ALL_TEN} == {set}


def test_an_async_receiver_is_run_and_waited_for(app: Flask) -> None:
    heard: list[str] = []

    async def receive(sender: Flask, **extra: Any) -> None:
        heard.append(request.path)

    app.add_url_rule("/heard", view_func=lambda: list(heard), endpoint="heard")
    request_started.connect(receive, app)
    assert send(app, "/heard").json == ["/heard"]


KEPT = [
    "function of a module",
    "inner function with connect_via",
    "inner function with weak=False",
]


def test_only_held_receivers_are_still_there_for_a_request() -> None:
    assert send(weak_receivers.create_app()).json == KEPT


def test_it_is_the_weak_reference_that_forgets_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = request_started.connect
    monkeypatch.setattr(
        request_started,
        "connect",
        lambda receiver, sender, weak=True: connect(receiver, sender, weak=False),
    )
    assert send(weak_receivers.create_app()).json == sorted(
        [*KEPT, "inner function", "lambda", "method of a forgotten object"]
    )


def test_the_method_of_an_object_is_called_while_somebody_holds_the_object() -> None:
    counter = weak_receivers.Counter()
    app = weak_receivers.create_app()
    request_started.connect(counter.count, app)
    assert send(app).json == [*KEPT, "method of a forgotten object"]
    del counter
    assert send(app).json == KEPT


def test_an_inner_function_that_the_application_holds_stays(app: Flask) -> None:
    heard: list[str] = []

    def make() -> None:
        @app.before_request
        def both(*sender: Flask, **extra: Any) -> None:
            heard.append("signal" if sender else "hook")

        request_started.connect(both, app)

    make()
    send(app)
    assert heard == ["signal", "hook"]


def test_a_partial_stays_only_if_it_has_a_name(app: Flask) -> None:
    heard: list[str] = []

    def receive(text: str, sender: Flask, **extra: Any) -> None:
        heard.append(text)

    request_started.connect(partial(receive, "forgotten"), app)
    named = partial(receive, "named")
    request_started.connect(named, app)
    send(app)
    assert heard == ["named"]


def test_the_proxy_current_app_is_no_sender(app: Flask) -> None:
    heard: list[Flask] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append(sender)

    with app.app_context():
        request_started.connect(receive, current_app)
    send(app)
    assert heard == []
    request_started.connect(receive, app)
    send(app)
    assert heard == [app]


def test_connected_to_ends_an_earlier_connection_of_the_receiver_too(app: Flask) -> None:
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    with request_started.connected_to(receive, app):
        send(app)
    send(app)
    assert heard == ["called"]


@pytest.mark.parametrize("connect", ["connect_via", "weak=False"])
def test_a_strong_receiver_keeps_the_application_that_it_uses(connect: str) -> None:
    def make(*, uses_app: bool) -> weakref.ref[Flask]:
        app = Flask("made", static_folder=None)

        def from_outside(sender: Flask, **extra: Any) -> Flask:
            return app

        def from_sender(sender: Flask, **extra: Any) -> Flask:
            return sender

        receiver: Receiver = from_outside if uses_app else from_sender
        if connect == "connect_via":
            request_started.connect_via(app)(receiver)
        else:
            request_started.connect(receiver, app, weak=False)
        return weakref.ref(app)

    kept, freed = make(uses_app=True), make(uses_app=False)
    gc.collect()
    assert kept() is not None
    assert freed() is None


def test_a_strong_receiver_stays_although_its_application_is_gone() -> None:
    before = len(request_started.receivers)
    weak_receivers.create_app()
    gc.collect()
    # weak=False and connect_via; the module's function is one, however often it is connected
    assert len(request_started.receivers) >= before + 2


# Signal or hook.


def test_what_a_receiver_returns_is_thrown_away_and_a_hook_can_answer(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> str:
        return "from the receiver"

    with request_started.connected_to(receive, app):
        assert send(app).text == "fine"
    hooked = Flask("hooked", static_folder=None)
    hooked.before_request(lambda: "from the hook")
    assert send(hooked).text == "from the hook"


def test_a_signal_holds_for_an_application_and_a_hook_also_for_a_blueprint(app: Flask) -> None:
    shop = Blueprint("shop", "shop")
    heard: list[str] = []
    shop.before_request(lambda: heard.append("hook"))
    shop.add_url_rule("/shop", view_func=lambda: "", endpoint="shop")
    app.register_blueprint(shop)

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("signal")

    request_started.connect(receive, shop)
    send(app, "/")
    send(app, "/shop")
    assert heard == ["hook"]
    request_started.connect(receive, app)
    send(app, "/")
    send(app, "/shop")
    assert heard == ["hook", "signal", "signal", "hook"]


def test_a_receiver_can_be_added_after_the_first_request_and_a_hook_cannot(app: Flask) -> None:
    send(app)
    with pytest.raises(AssertionError, match="The setup method 'before_request' can no longer"):
        app.before_request(lambda: None)
    heard: list[str] = []

    def receive(sender: Flask, **extra: Any) -> None:
        heard.append("called")

    request_started.connect(receive, app)
    send(app)
    assert heard == ["called"]


def test_nothing_takes_a_hook_off_again() -> None:
    words = ("remove", "disconnect", "unregister")
    assert [name for name in dir(Flask) if name.startswith(words)] == []
    assert callable(Signal.disconnect)


def failing(sender: Flask, **extra: Any) -> None:
    raise ValueError("receiver")


@pytest.mark.parametrize("signal", [request_started, request_finished])
def test_an_error_in_a_receiver_ends_the_request_with_500_like_one_in_a_hook(
    app: Flask, signal: Signal, caplog: pytest.LogCaptureFixture
) -> None:
    with signal.connected_to(failing, app):
        assert send(app).status_code == 500
    assert "ValueError: receiver" in caplog.text
    hooked = Flask("hooked", static_folder=None)
    hooked.before_request(lambda: failing(hooked))
    assert send(hooked).status_code == 500


@pytest.mark.parametrize("signal", [request_tearing_down, appcontext_tearing_down])
def test_an_error_in_a_receiver_of_teardown_goes_to_the_server(app: Flask, signal: Signal) -> None:
    with signal.connected_to(failing, app), pytest.raises(ValueError, match=r"\Areceiver\Z"):
        send(app)


def test_an_error_in_a_receiver_of_got_request_exception_goes_to_the_server(app: Flask) -> None:
    app.register_error_handler(500, lambda error: "page")
    assert send(app, "/bug").text == "page"
    app = Flask("second", static_folder=None)
    app.add_url_rule("/bug", view_func=lambda: 1 // 0, endpoint="bug")
    with (
        got_request_exception.connected_to(failing, app),
        pytest.raises(ValueError, match=r"\Areceiver\Z"),
    ):
        send(app, "/bug")


def test_a_receiver_can_change_header_and_context_but_not_the_session(app: Flask) -> None:
    @app.get("/change")
    def view() -> str:
        return render_template_string("{{ added }}")

    def add_header(sender: Flask, response: Response, **extra: Any) -> None:
        response.headers["X-Added"] = "yes"
        session["late"] = True

    def add_variable(sender: Flask, context: dict[str, Any], **extra: Any) -> None:
        context["added"] = "by a receiver"

    with (
        request_finished.connected_to(add_header, app),
        before_render_template.connected_to(add_variable, app),
    ):
        response = send(app, "/change")
    assert response.text == "by a receiver"
    assert response.headers["X-Added"] == "yes"
    assert "Set-Cookie" not in response.headers


# Which errors got_request_exception sees.


def with_handlers(app: Flask) -> Flask:
    def broken(error: Exception) -> str:
        raise OSError("in the handler")

    def fail(name: str) -> None:
        match name:
            case "handled":
                raise LookupError
            case "broken-handler":
                raise PermissionError
        abort(int(name))

    app.register_error_handler(LookupError, lambda error: ("handled", 400))
    app.register_error_handler(PermissionError, broken)
    app.add_url_rule("/fail/<name>", view_func=fail, endpoint="fail")
    return app


@pytest.mark.parametrize(
    ("path", "status", "sent"),
    [
        ("/bug", 500, ["ZeroDivisionError"]),
        ("/fail/handled", 400, []),
        ("/fail/broken-handler", 500, ["OSError"]),
        ("/fail/404", 404, []),
        ("/fail/500", 500, []),
        ("/nowhere", 404, []),
    ],
)
@pytest.mark.parametrize("handler_for_500", [False, True])
def test_which_errors_are_sent(
    app: Flask,
    heard: list[tuple[str, dict[str, Any]]],
    path: str,
    status: int,
    sent: list[str],
    *,
    handler_for_500: bool,
) -> None:
    with_handlers(app)
    if handler_for_500:
        app.register_error_handler(500, lambda error: ("page", 500))
    assert send(app, path).status_code == status
    assert [a["exception"] for n, a in heard if n == "got_request_exception"] == sent


def test_a_handler_for_exception_keeps_every_error_from_the_signal(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    app.register_error_handler(Exception, lambda error: ("all", 500))
    assert send(app, "/bug").text == "all"
    assert "got_request_exception" not in names(heard)


def test_the_signal_comes_before_the_log_and_before_the_handler_for_500(app: Flask) -> None:
    order: list[str] = []
    app.register_error_handler(500, lambda error: order.append("handler") or "page")
    app.logger.addFilter(lambda record: bool(order.append("log") or True))

    def receive(sender: Flask, exception: Exception, **extra: Any) -> None:
        order.append("signal")

    with got_request_exception.connected_to(receive, app):
        assert send(app, "/bug").text == "page"
    assert order == ["signal", "log", "handler"]


# Signals of one's own.


def test_a_signal_of_ones_own_reaches_who_is_connected() -> None:
    own_signal.outbox.clear()
    client = own_signal.create_app().test_client()
    response = client.post("/orders/tea")
    assert (response.status_code, response.text) == (201, "Ordered; 1 took note")
    assert client.get("/outbox").json == ["To the warehouse of Canton: tea"]


def test_send_returns_pairs_of_receiver_and_answer_and_a_name_gives_the_same_signal() -> None:
    namespace = Namespace()
    signal = namespace.signal("paid")
    assert namespace.signal("paid") is signal
    assert Namespace().signal("paid") is not signal

    def receive(sender: object, amount: int) -> int:
        return amount * 2

    signal.connect(receive)
    assert signal.send("shop", amount=4) == [(receive, 8)]


def test_an_async_receiver_of_ones_own_signal_has_to_be_wrapped(app: Flask) -> None:
    signal = Signal()

    async def thank(sender: Flask, **extra: Any) -> str:
        return "谢谢"

    signal.connect(thank, app)
    with pytest.raises(RuntimeError) as caught:
        signal.send(app)
    assert str(caught.value) == "Cannot send to a coroutine function."
    assert signal.send(app, _async_wrapper=app.ensure_sync) == [(thank, "谢谢")]


# Tests with signals.


def test_captured_templates_are_templates_with_their_variables() -> None:
    client = captured.app.test_client()
    with captured.captured_templates(captured.app) as rendered:
        assert client.get("/cart/2").text == "<title>2</title>"
        client.get("/cart/0")
    client.get("/cart/1")
    assert [(template.name, sorted(context)) for template, context in rendered] == [
        ("cart.html", ["g", "request", "things"]),
        ("empty.html", ["g", "request"]),
    ]
    assert rendered[0][1]["things"] == ["tea", "tea"]


def test_the_context_has_what_processors_add_and_no_globals(app: Flask) -> None:
    app.context_processor(lambda: {"site": "实证"})
    app.add_url_rule("/page", view_func=lambda: render_template("page.html"), endpoint="page")
    with captured.captured_templates(app) as rendered:
        send(app, "/page")
    ((_, context),) = rendered
    assert context["site"] == "实证"
    assert {"config", "url_for"} <= set(app.jinja_env.globals)
    assert not {"config", "url_for"} & set(context)


def test_messages_and_errors_are_captured_the_same_way(app: Flask) -> None:
    found: list[Any] = []

    def message(sender: Flask, message: str, category: str, **extra: Any) -> None:
        found.append((category, message))

    def error(sender: Flask, exception: Exception, **extra: Any) -> None:
        found.append(type(exception))

    app.add_url_rule("/flash", view_func=lambda: flash("saved") or "", endpoint="flash")
    with (
        message_flashed.connected_to(message, app),
        got_request_exception.connected_to(error, app),
    ):
        send(app, "/flash")
        assert send(app, "/bug").status_code == 500
    assert found == [("message", "saved"), ZeroDivisionError]


def test_muted_silences_a_signal(app: Flask, heard: list[tuple[str, dict[str, Any]]]) -> None:
    with request_started.muted():
        send(app)
    assert "request_started" not in names(heard)
    send(app)
    assert "request_started" in names(heard)


# The life of a request. Each list is what the page shows: a Flask that reorders these turns one of them red.

BEGIN = [
    "wsgi_app",
    "appcontext_pushed",
    "open_session",
    "to_python",
    "request_started",
    "url_value_preprocessor",
    "before_request",
]
RENDERED = [
    "cart",
    "message_flashed",
    "context_processor",
    "before_render_template",
    "cart.html",
    "template_rendered",
]
ANSWERED = ["after_request", "save_session", "request_finished"]
END = [
    "start_response",
    "teardown_request",
    "request_tearing_down",
    "teardown_appcontext",
    "appcontext_tearing_down",
    "appcontext_popped",
    "body",
]
UNHANDLED = ["got_request_exception", "logger.error", "errorhandler"]
LIVES = {
    "/cart/3": (200, [*BEGIN, *RENDERED, "after_this_request", *ANSWERED, *END]),
    "/cart/3?fail=cart": (500, [*BEGIN, "cart", *UNHANDLED, *ANSWERED, *END]),
    "/cart/3?fail=before_request": (500, [*BEGIN, *UNHANDLED, *ANSWERED, *END]),
    "/cart/3?fail=cart.html": (
        500,
        [*BEGIN, *RENDERED[:-1], *UNHANDLED, "after_this_request", *ANSWERED, *END],
    ),
    "/cart/3?fail=after_request": (
        500,
        [
            *(*BEGIN, *RENDERED, "after_this_request", "after_request"),
            *(*UNHANDLED, "after_this_request", "after_request", "logger.error"),
            *END,
        ],
    ),
    "/cart/3?fail=open_session": (
        500,
        [*BEGIN[:3], *UNHANDLED, "after_request", "save_session", "logger.error", *END],
    ),
    "/cart/3?answer=closed": (200, [*BEGIN, *ANSWERED, *END]),
    "/nowhere": (
        404,
        [*(step for step in BEGIN if step != "to_python"), "errorhandler", *ANSWERED, *END],
    ),
}


def live(path: str) -> tuple[TestResponse, list[journal.Step]]:
    """Send one request and return the answer with its steps."""
    return send(life_of_a_request.app, path), list(life_of_a_request.steps)


@pytest.mark.parametrize("path", LIVES)
def test_the_life_of_a_request_has_these_steps_in_this_order(path: str) -> None:
    response, steps = live(path)
    assert (response.status_code, [step.name for step in steps]) == LIVES[path]


def test_the_life_of_a_good_request_with_kinds_arguments_and_contexts() -> None:
    _, steps = live("/cart/3")
    contexts = {(True, True): "both", (True, False): "app", (False, False): "none"}
    assert [
        (step.kind, step.name, step.detail, contexts[step.app_context, step.request_context])
        for step in steps
    ] == [
        ("server", "wsgi_app", "", "none"),
        ("signal", "appcontext_pushed", "", "app"),
        ("session", "open_session", "", "both"),
        ("routing", "to_python", "value=3", "both"),
        ("signal", "request_started", "", "both"),
        ("hook", "url_value_preprocessor", "", "both"),
        ("hook", "before_request", "", "both"),
        ("view", "cart", "count=3", "both"),
        ("signal", "message_flashed", "message='猫', category='message'", "both"),
        ("hook", "context_processor", "", "both"),
        ("signal", "before_render_template", "template=cart.html, context={…}", "both"),
        ("template", "cart.html", "", "both"),
        ("signal", "template_rendered", "template=cart.html, context={…}", "both"),
        ("hook", "after_this_request", "response=Response 200", "both"),
        ("hook", "after_request", "response=Response 200", "both"),
        ("session", "save_session", "", "both"),
        ("signal", "request_finished", "response=Response 200", "both"),
        ("server", "start_response", "status=200 OK", "both"),
        ("hook", "teardown_request", "error=None", "both"),
        ("signal", "request_tearing_down", "exc=None", "both"),
        ("hook", "teardown_appcontext", "error=None", "app"),
        ("signal", "appcontext_tearing_down", "exc=None", "app"),
        ("signal", "appcontext_popped", "", "none"),
        ("server", "body", "", "none"),
    ]
    assert {step.error for step in steps} == {""}


@pytest.mark.parametrize("name", ["cart", "before_request", "cart.html"])
def test_teardown_gets_the_error_and_the_rest_gets_the_500(name: str) -> None:
    _, steps = live(f"/cart/3?fail={name}")
    details = {step.name: step.detail for step in steps}
    assert [step.name for step in steps if step.error] == [name]
    assert details["got_request_exception"] == "exception=RuntimeError"
    assert details["errorhandler"] == "error=InternalServerError"
    assert details["after_request"] == "response=Response 500"
    assert details["request_finished"] == "response=Response 500"
    assert details["start_response"] == "status=500 INTERNAL SERVER ERROR"
    assert details["teardown_request"] == "error=RuntimeError"
    assert details["request_tearing_down"] == "exc=RuntimeError"
    assert details["teardown_appcontext"] == "error=RuntimeError"
    assert details["appcontext_tearing_down"] == "exc=RuntimeError"


def test_before_the_url_is_matched_there_are_session_and_request_but_no_rule(app: Flask) -> None:
    found: list[Any] = []

    class Sessions(journal.Journal):
        def open_session(self, app: Flask, request: flask.Request) -> Any:
            found.append((flask.request.path, flask.request.url_rule))
            return super().open_session(app, request)

    class Reads(life_of_a_request.Noted):
        def to_python(self, value: str) -> int:
            found.append(dict(session))
            return int(value)

    app.session_interface = Sessions()
    app.url_map.converters["reads"] = Reads
    app.add_url_rule("/<reads:number>", view_func=lambda number: "", endpoint="reads")
    send(app, "/3")
    assert found == [("/3", None), {}]


def test_nothing_after_start_response_changes_status_and_headers(app: Flask) -> None:
    responses: list[Response] = []

    @app.after_request
    def keep(response: Response) -> Response:
        responses.append(response)
        return response

    @app.teardown_request
    def change(error: BaseException | None) -> None:
        responses[0].status_code = 418
        responses[0].headers["X-Late"] = "yes"

    response = send(app)
    assert response.status_code == 200
    assert "X-Late" not in response.headers


@pytest.mark.parametrize("name", ["after_request", "open_session"])
def test_a_second_error_is_only_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response, steps = live(f"/cart/3?fail={name}")
    assert response.status_code == 500
    assert caplog.messages == [
        "Exception on /cart/3 [GET]",
        "Request finalizing failed with an error while handling an error",
    ]
    assert "request_finished" not in [step.name for step in steps]
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("setting", ["TESTING", "DEBUG"])
def test_while_testing_and_debugging_teardown_follows_the_signal_at_once(
    app: Flask, heard: list[tuple[str, dict[str, Any]]], setting: str
) -> None:
    app.config[setting] = True
    app.register_error_handler(500, lambda error: pytest.fail("asked"))
    app.after_request(lambda response: pytest.fail("called"))
    app.logger.addFilter(lambda record: pytest.fail("logged"))
    app.teardown_request(lambda error: heard.append(("teardown_request", {})))
    with pytest.raises(ZeroDivisionError):
        send(app, "/bug")
    assert names(heard) == [
        "appcontext_pushed",
        "request_started",
        "got_request_exception",
        "teardown_request",
        "request_tearing_down",
        "appcontext_tearing_down",
        "appcontext_popped",
    ]
    assert dict(heard)["request_tearing_down"] == {"exc": "ZeroDivisionError"}


def test_the_methods_of_the_section_on_the_inside_send_what_it_says(
    app: Flask, heard: list[tuple[str, dict[str, Any]]]
) -> None:
    with app.test_request_context("/"):
        heard.clear()
        app.full_dispatch_request()
        assert names(heard) == ["request_started", "request_finished"]
        heard.clear()
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert app.handle_exception(ValueError("x")).status_code == 500
        assert names(heard)[0] == "got_request_exception"
        heard.clear()
        app.do_teardown_request(None)
        app.do_teardown_appcontext(None)
        assert names(heard) == ["request_tearing_down", "appcontext_tearing_down"]


# Pitfalls.


def run_with(app: Flask, signal: Signal, receiver: Receiver, path: str = "/") -> BaseException:
    """Return what a request raises while the receiver is connected."""
    app.testing = True
    with signal.connected_to(receiver, app), pytest.raises(Exception) as caught:
        send(app, path)
    return caught.value


def test_a_receiver_without_a_keyword() -> None:
    def keep(sender: Flask) -> None: ...

    error = run_with(captured.app, request_finished, keep, "/cart/0")
    captured.app.testing = False
    assert type(error) is TypeError
    assert str(error).endswith("keep() got an unexpected keyword argument 'response'")


def test_a_receiver_without_a_sender(app: Flask) -> None:
    def keep() -> None: ...

    error = run_with(app, request_started, keep)
    assert type(error) is TypeError
    assert str(error).endswith("keep() takes 0 positional arguments but 1 was given")


def test_a_receiver_whose_first_parameter_is_a_keyword(app: Flask) -> None:
    def keep(exception: Exception) -> None: ...

    error = run_with(app, got_request_exception, keep, "/bug")
    assert type(error) is TypeError
    assert str(error).endswith("keep() got multiple values for argument 'exception'")


def test_a_failing_receiver_of_appcontext_pushed_is_hidden_by_a_lookup_error(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert not has_request_context()
        assert request.path

    found: list[BaseException] = []
    left_behind: list[str] = []

    def in_a_thread() -> None:
        # The context is left behind, so it must not be that of the other tests.
        found.append(run_with(app, appcontext_pushed, receive))
        assert has_app_context()
        left_behind.append(current_app.name)

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    (error,) = found
    assert type(error) is LookupError
    assert str(error).startswith("<ContextVar name='flask.request_ctx' at 0x")
    assert "Working outside of request context." in str(error.__context__)
    assert left_behind == [app.name]
    shown = "".join(traceback.format_exception(error))
    assert "During handling of the above exception, another exception occurred:" in shown
    assert shown.index("RuntimeError: Working outside") < shown.index("LookupError: <ContextVar")


def test_a_receiver_of_appcontext_tearing_down_has_no_request(app: Flask) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert sender is app
        assert request.path

    error = run_with(app, appcontext_tearing_down, receive)
    assert type(error) is RuntimeError
    assert str(error).startswith("Working outside of request context.\n")


@pytest.mark.parametrize("read", [lambda: current_app.name, lambda: g.user])
def test_a_receiver_of_appcontext_popped_has_no_application_context(
    app: Flask, read: Callable[[], Any]
) -> None:
    def receive(sender: Flask, **extra: Any) -> None:
        assert sender is app
        assert not has_app_context()
        read()

    error = run_with(app, appcontext_popped, receive)
    assert type(error) is RuntimeError
    assert str(error).startswith("Working outside of application context.\n")


def test_signals_available_is_gone() -> None:
    with pytest.raises(ImportError) as caught:
        from flask import signals_available  # noqa: F401
    assert str(caught.value).startswith("cannot import name 'signals_available' from 'flask'")


def test_send_takes_the_rest_by_keyword() -> None:
    with pytest.raises(TypeError) as caught:
        Signal().send("shop", "tea")  # type: ignore[call-arg]
    assert str(caught.value) == (
        "Signal.send() takes from 1 to 2 positional arguments but 3 were given"
    )


def test_before_first_request_and_auto_pop_are_gone(app: Flask) -> None:
    assert not hasattr(app, "before_first_request")
    assert not hasattr(app, "try_trigger_before_first_request_functions")
    with app.test_request_context() as context:
        assert not hasattr(context, "auto_pop")
        assert hasattr(context, "pop")
