"""What the tests of docs/guide/frontend.md share."""

from __future__ import annotations

from flask import Flask, Response, request

from tests.source import Source

_SOURCE = Source("guide/frontend")
SOURCE = _SOURCE.text
on_the_page = _SOURCE.says


def heard(app: Flask) -> list[tuple[str, str, int]]:
    """Return a list of method, path and status of each request, which grows."""
    found: list[tuple[str, str, int]] = []

    @app.after_request
    def note(response: Response) -> Response:
        found.append((request.method, request.full_path.rstrip("?"), response.status_code))
        return response

    return found
