"""The smallest application: docs/guide/templates.md."""

from __future__ import annotations

from flask import render_template

from proven.claims.proofs import proves
from snippets.templates import smallest
from tests.guide.templates.common import lines


@proves(
    "guide/templates",
    "render_template() finds the file, escapes the values that you pass for HTML, puts "
    "them in the place of the placeholders, and returns a string.",
)
def test_a_view_fills_a_file_and_the_values_are_escaped() -> None:
    assert lines(smallest.app, "/notes/1") == [
        "<h1>Note 1</h1>",
        "<p>面包 &amp; &lt;butter&gt;</p>",
        "<ul>",
        "<li>买</li>",
        "<li>急</li>",
        "</ul>",
    ]
    with smallest.app.test_request_context():
        assert type(render_template("note.html")) is str
