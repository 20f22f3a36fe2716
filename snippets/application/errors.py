"""An error answers with a page in the reader's language, and gives back what they wrote."""

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from .languages import marked

TEXTS = {
    400: marked("The request was not understood. Nothing was saved."),
    401: marked("You are not logged in any more. Nothing was saved."),
    404: marked("There is nothing at this address."),
    405: marked("This address does not take such a request."),
    413: marked("That is too much at once. Nothing was saved."),
    500: marked("Something went wrong here. It is in our log under the number below."),
    503: marked("A part of the service is not available. Try again in a moment."),
}
STALE = marked("The form is from another session. Nothing was saved. Load the page and try again.")


def written() -> list[str]:
    """Return the texts of a form that was not saved, unless it cannot be read at all."""
    try:
        return [text for name in ("title", "text") if (text := request.form.get(name))]
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
    # the page asks neither database nor session: they may be what failed
    text = STALE if isinstance(error, CSRFError) else TEXTS.get(error.code or 0, error.name)
    response.data = render_template(
        "error.html", code=error.code, text=text, number=number, written=written()
    )
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
