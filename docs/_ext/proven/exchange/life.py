"""``{life}``: the life of one request, recorded while the page is built, as a picture and as a list.

::

    ```{life} snippets.signals.life_of_a_request
    GET /cart/3 -> 200
    ```

    ```{life} snippets.signals.life_of_a_request
    :unlike: /cart/3
    GET /cart/3?fail=cart -> 500
    ```

    ```{lives} snippets.signals.life_of_a_request
    GET /cart/3 -> 200
    GET /cart/3?fail=cart -> 500
    ```

The snippet has an ``app`` and the list ``steps``. While it answers, its hooks, receivers of signals, session interface
and so on append what happens: objects with the attributes of :class:`life_picture.Step`, whose ``kind`` is one of
:func:`kinds`. The request is written as in ``{exchange}``, and its status is a claim like there.

``:unlike:`` holds the life against that of another GET: what it leaves out is shown as skipped. ``{lives}`` is a
table of which steps happen in which request.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html5 import HTML5Translator

from proven.base.disclosure import disclosure
from proven.base.html_node import register
from proven.base.project import ROOT
from proven.base.tables import cell, code, paragraph, row, table
from proven.exchange.life_picture import Row, Step, Words, compare, draw
from proven.exchange.recorder import Recorder
from proven.exchange.recording import Answer, ExchangeError, Request, record
from proven.snippets.files import SnippetError
from proven.snippets.loading import application

Cell = nodes.Text | nodes.inline | nodes.literal


def kinds() -> dict[str, str]:
    """Return what each kind of step is called, in the reader's language."""
    return {
        "server": _("WSGI server"),
        "signal": _("signal"),
        "session": _("session interface"),
        "routing": _("converter"),
        "hook": _("hook"),
        "view": _("view function"),
        "template": _("template"),
        "log": _("log"),
    }


def label(step: Step) -> str:
    """Return the text for a step: its name, or words where the interface has no name for it."""
    words = {("server", "body"): _("the body is sent")}
    return words.get((step.kind, step.name), step.name)


def raises(error: str) -> str:
    """Return the clause that says what a step raised."""
    return _("raises %(error)s") % {"error": error}


def words(head: str, rows: Sequence[Row]) -> Words:
    """Return all that a picture says beside the names of the steps."""
    done = [label(row.step) for row in rows if row.state != "skipped"]
    left_out = [label(row.step) for row in rows if row.state == "skipped"]
    description = _("In this order: %(steps)s.")
    if left_out:
        description = _("In this order: %(steps)s. Left out: %(skipped)s.")
    lists = {"steps": _(", ").join(done), "skipped": _(", ").join(left_out)}
    return Words(
        title=_("The life of the request %(request)s") % {"request": head},
        description=description % lists,
        kinds=kinds(),
        contexts={
            "app_context": _("application context"),
            "request_context": _("request context"),
        },
        skipped=_("skipped"),
        raises=raises,
        label=label,
    )


class picture(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """A drawing; formats other than HTML have the list beside it."""


class LifeRecorder(Recorder):
    """Sends requests to a snippet and reads what it noted."""

    def life(self, name: str, request: Request) -> tuple[Answer, list[Step]]:
        """Return the answer of a new application, and the steps that it noted."""
        app = application(ROOT, name)
        (answer,) = record(app, [request])
        steps: list[Any] | None = getattr(sys.modules[name], "steps", None)
        if not steps:
            raise SnippetError(f"{name} noted nothing in a list 'steps': append each step to it")
        for step in steps:
            check(name, step)
        return answer, list(steps)


def check(name: str, step: object) -> None:
    """Raise SnippetError if something noted by the snippet ``name`` is no step."""
    absent = [attribute for attribute in Step.__annotations__ if not hasattr(step, attribute)]
    if absent:
        raise SnippetError(f"a step of {name} has no {', '.join(absent)}: add what is missing")
    kind = getattr(step, "kind", "")
    if kind not in kinds():
        raise SnippetError(
            f"{name} notes a step of the kind {kind!r}: use one of {', '.join(kinds())}, "
            "or add it to proven.exchange.life.kinds()"
        )


class Life(LifeRecorder):
    """One request as a picture and, folded, as a list."""

    option_spec: ClassVar[OptionSpec] = {"unlike": directives.unchanged_required}

    def show(self, name: str, requests: list[Request]) -> nodes.Element:
        """Return the picture above its list."""
        if len(requests) > 1:
            raise ExchangeError(
                requests[1].line, "a life is that of one request: write {lives} for several"
            )
        answer, steps = self.life(name, requests[0])
        usual: list[Step] = []
        if "unlike" in self.options:
            target = self.options["unlike"]
            usual = self.life(name, Request(requests[0].line, "GET", target, 200))[1]
        rows = compare(steps, usual)
        head = f"{requests[0].method} {requests[0].target}"
        drawing = picture(
            svg=draw(rows, words(head, rows), f"life-{self.env.new_serialno('life')}")
        )
        fold = disclosure(summary=_("The same as a list"), classes=["life-list"])
        fold += listing(steps)
        return nodes.container("", heading(head, answer.status), drawing, fold, classes=["life"])


class Lives(LifeRecorder):
    """Several requests as a table of which step happens in which."""

    def show(self, name: str, requests: list[Request]) -> nodes.Element:
        """Return the table."""
        lives = [self.life(name, request) for request in requests]
        head: list[Cell] = [nodes.Text(_("Step"))]
        head += [code(f"{request.method} {request.target}") for request in requests]
        status: list[Cell] = [nodes.Text(_("Status"))]
        status += [code(answer.status.partition(" ")[0]) for answer, _steps in lives]
        body = [
            [named(step), *map(nodes.Text, marks)]
            for step, marks in matrix([steps for _answer, steps in lives])
        ]
        rows = [row(*map(cell, cells)) for cells in (status, *body)]
        return nodes.container("", table(row(*map(cell, head)), rows), classes=["lives"])


def matrix(lives: Sequence[Sequence[Step]]) -> list[tuple[Step, list[str]]]:
    """Return every step with a mark for each life, in the order of the first life.

    What only later lives have stands before the next step that they share with an earlier one.
    """
    rows: list[Step] = []
    for steps in lives:
        place = len(rows)
        for step in reversed(steps):
            known = [number for number, row in enumerate(rows) if same(row, step)]
            if known:
                place = known[0]
            else:
                rows.insert(place, step)
    return [(row, [mark([s for s in steps if same(s, row)]) for steps in lives]) for row in rows]


def same(step: Step, other: Step) -> bool:
    """Say whether two steps are the same, whatever their arguments."""
    return (step.kind, step.name) == (other.kind, other.name)


def mark(steps: Sequence[Step]) -> str:
    """Return what a table says of a step: it happens, how often, it raises, or it does not happen."""
    if any(step.error for step in steps):
        return "✗"
    return ("–", "✓")[len(steps)] if len(steps) < 2 else f"{len(steps)} ×"


def heading(request: str, status: str) -> nodes.paragraph:
    """Return the line above a picture: what was asked and what was answered."""
    return paragraph(code(request), nodes.Text(" → "), code(status), classes=["life-request"])


def listing(steps: Iterable[Step]) -> nodes.table:
    """Return the steps, numbered, with their kinds and arguments."""
    head: list[Cell] = [nodes.Text(t) for t in ("#", _("Step"), _("Kind"), _("Arguments"))]
    known = kinds()
    body = []
    for number, step in enumerate(steps, 1):
        detail: Cell = code(step.detail) if step.detail else nodes.Text("")
        if step.error:
            space = " " if step.detail else ""
            detail = nodes.inline("", "", detail, nodes.Text(space + raises(step.error)))
        body.append([nodes.Text(str(number)), named(step), nodes.Text(known[step.kind]), detail])
    return table(row(*map(cell, head)), (row(*map(cell, cells)) for cells in body))


def named(step: Step) -> Cell:
    """Return the name of a step, as code where it is one."""
    text = label(step)
    return code(text) if text == step.name else nodes.Text(text)


def visit_html(visitor: HTML5Translator, node: picture) -> None:
    """Write the drawing."""
    visitor.body.append(node["svg"])
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and their node."""
    app.setup_extension("proven.base.disclosure")
    # The list says the same where there is no drawing.
    register(app, picture, visit_html, content_elsewhere=False, styles=["life.css"])
    app.add_directive("life", Life)
    app.add_directive("lives", Lives)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
