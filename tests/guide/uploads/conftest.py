"""The fixtures that the tests of docs/guide/uploads.md share."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from snippets.requests import uploads


@pytest.fixture
def files(tmp_path: Path) -> Flask:
    app = uploads.create_app()
    app.config["UPLOAD_FOLDER"] = tmp_path / "uploads"
    return app
