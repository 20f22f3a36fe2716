"""Then and now: docs/guide/error-handlers.md."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from proven.claims.proofs import proves
from tests.guide.error_handlers.common import PAGE, new_app, send


@proves(
    "guide/error-handlers",
    "A handler for 404 that returns only a string. Old posts write return '404 error', "
    "and the status is 200.",
)
def test_the_old_handler_for_404_answers_200() -> None:
    app = new_app()

    @app.errorhandler(404)
    def error_404(arg: NotFound) -> str:
        return "404 error"

    answer = send(app, "/nowhere")
    assert (answer.status_code, answer.text) == (200, "404 error")


@proves("guide/error-handlers", "app.error_handlers. Old posts write into this dictionary: ….")
def test_there_is_no_dictionary_of_error_handlers() -> None:
    assert not hasattr(new_app(), "error_handlers")
    assert "app.error_handlers" in PAGE
