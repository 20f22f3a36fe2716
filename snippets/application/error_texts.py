"""What an error page says, by class or by status."""

from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from .gate import ForeignForm, NotUtf8
from .languages import marked

TEXTS: dict[int | type[HTTPException] | None, str] = {
    400: marked("The request was not understood. Nothing was saved."),
    401: marked("You are not logged in any more. Nothing was saved."),
    404: marked("There is nothing at this address."),
    405: marked("This address does not take such a request."),
    410: marked("This link has been used or has expired. Ask for a new one."),
    413: marked("That is too much at once. Nothing was saved."),
    429: marked("Too many attempts. Try again in a quarter of an hour."),
    500: marked("Something went wrong here. It is in our log under the number below."),
    503: marked("A part of the service is not available. Try again in a moment."),
    CSRFError: marked(
        "The form is from another session. Nothing was saved. Load the page and try again."
    ),
    ForeignForm: marked("The form is from another site. Nothing was saved."),
    NotUtf8: marked("The form is not in UTF-8. Nothing was saved."),
}
NO_SUCH_HOST = marked("There is no site of this name here.")
