"""Show an error page in the language of the user, with the text that was not saved."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from limits.errors import StorageError
from sqlalchemy import exc
from werkzeug.exceptions import BadRequest, HTTPException, ServiceUnavailable

from .error_texts import NO_SUCH_HOST, TEXTS
from .gate import NotUtf8, from_here
from .languages import gettext


def written() -> list[str]:
    """Return the texts of a form that was not saved, if it is one of ours and can be read."""
    try:
        fields = request.form if from_here() else {}
        return [text for name in ("title", "text") if (text := fields.get(name))]
    except HTTPException:
        return []


def show(error: HTTPException) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, HTTPException):
        # raised after the view: the session could not be saved
        error = cause
    number = request.environ["request_id.value"]
    if error.code == 500:
        current_app.logger.error("The request that failed: %s", number)
    response = error.get_response()
    if isinstance(request.routing_exception, BadRequest):
        # no URL can be built for another host, so there is no page around the text
        response.data, response.mimetype = gettext(NO_SUCH_HOST), "text/plain"
        return response
    # the page uses neither the database nor the session, because one of them may have failed
    text = TEXTS.get(type(error)) or TEXTS.get(error.code, error.name)
    kept = [] if isinstance(error, NotUtf8) else written()
    response.data = render_template(
        "error.html", code=error.code, text=text, number=number, written=kept
    )
    return response


def unavailable(error: Exception) -> ResponseReturnValue:
    number = request.environ["request_id.value"]
    current_app.logger.error("A store failed in the request %s", number, exc_info=error)
    return show(ServiceUnavailable())


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    # the database cannot be reached, is busy or full; the counters of attempts likewise
    for kind in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, StorageError):
        app.register_error_handler(kind, unavailable)
