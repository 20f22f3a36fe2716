"""The servers that the tests of docs/guide/behind-nginx.md share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.guide.behind_nginx.common import PROXIED, Nginx, nginx, written
from tests.guide.deployment.common import serving
from tests.servers import Server


@pytest.fixture(scope="module")
def gunicorn() -> Iterator[Server]:
    """The application of the page, in one worker without threads."""
    with serving("gunicorn", PROXIED, path="/where") as server:
        yield server


@pytest.fixture(scope="module")
def site(gunicorn: Server) -> Iterator[Nginx]:
    """Nginx with the first file of the page."""
    with nginx(written("site.conf"), gunicorn.port) as server:
        yield server
