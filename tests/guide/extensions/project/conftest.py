"""Lets the test that docs/guide/extensions.md shows find the extension, as where it is installed."""

from __future__ import annotations

import sys

from proven.base.project import ROOT

sys.path.append(str(ROOT / "snippets/extensions"))
