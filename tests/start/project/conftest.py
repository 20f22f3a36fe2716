"""Lets the test that docs/start/first-app.md shows find the application beside it, as in the folder of a reader."""

from __future__ import annotations

import sys

from proven.base.project import ROOT
from snippets.first_app.step_2 import hello

__all__ = ["hello"]

sys.path.append(str(ROOT / "snippets/first_app/step_2"))
