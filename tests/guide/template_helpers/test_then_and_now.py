"""Then and now: docs/guide/template-helpers.md."""

from __future__ import annotations

import pytest

from proven.claims.proofs import proves
from tests.guide.template_helpers.common import on_the_page


@proves(
    "guide/template-helpers",
    "template_global with an indented function. Old posts indent def sb(a1, a2): more "
    "than the line @app.template_global() above it, which is an IndentationError: "
    "unexpected indent.",
)
def test_an_old_indentation_is_refused() -> None:
    code = """
@app.template_global()
    def sb(a1, a2):
        return a1 + a2


    @app.template_filter()
    def db(a1, a2, a3):
        return a1 + a2 + a3
"""
    with pytest.raises(IndentationError) as caught:
        compile(code, "notes", "exec")
    assert caught.value.msg == on_the_page("unexpected indent")
