"""What old posts say, and what is so today."""

import pytest
from flask import Response, request
from flask.debughelpers import FormDataRoutingRedirect
from werkzeug.routing import (
    RequestRedirect,
)

from proven.claims.proofs import proves
from snippets.routing import (
    trailing_slashes,
)
from tests.guide.routing.helpers import new_app, on_the_page, send


@proves(
    "guide/url-matching",
    "The status is 308 (…).",
    "A 308 keeps the form, so the error no longer appears, unless your code changes the "
    "status of request.routing_exception.",
)
def test_a_redirect_from_routing_is_308_and_loses_no_form_even_in_debug_mode() -> None:
    assert RequestRedirect.code == 308
    app = trailing_slashes.create_app()
    app.debug = True
    assert send(app, "/reports", "POST", data={"year": "2024"}).status_code == 308


@proves(
    "guide/url-matching",
    "FormDataRoutingRedirect. In debug mode this error said A request was sent to "
    "'http://localhost/reports', but routing issued a redirect to the canonical URL "
    "'http://localhost/reports/'. It warned that a 301 drops the form.",
)
def test_a_routing_redirect_with_301_is_an_error_in_debug_mode() -> None:
    app = trailing_slashes.create_app()
    app.debug = app.testing = True

    @app.before_request
    def as_it_was() -> None:
        assert isinstance(request.routing_exception, RequestRedirect)
        request.routing_exception.code = 301

    with pytest.raises(FormDataRoutingRedirect) as caught:
        send(app, "/reports", "POST", data={"year": "2024"})
    assert str(caught.value).startswith(
        on_the_page(
            "A request was sent to 'http://localhost/reports', but routing issued a redirect"
            " to the canonical URL 'http://localhost/reports/'."
        )
    )


@proves("guide/url-matching", "For another status, write a view that returns flask.redirect().")
def test_a_view_can_redirect_with_another_status() -> None:
    from flask import redirect

    app = new_app()
    app.get("/old")(lambda: redirect("/new", 301))
    answer: Response = send(app, "/old")
    assert (answer.status_code, answer.location) == (301, "/new")
