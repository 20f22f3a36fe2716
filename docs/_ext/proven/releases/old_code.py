"""``{then}``: code of another time, and what it answered in a release, recorded by ``nox -s releases``.

::

    ```{then} 0.12.5/hooks
    :headers: Location
    GET /index/ -> 301
    GET /boom -> raises AttributeError: 'Request' object has no attribute 'json_body'
    ```

    ```{then} 0.12.5/extension
    :on: 1.0.4
    :no-code:
    import -> raises ModuleNotFoundError: No module named 'flask.ext'
    ```

shows ``docs/history/old/0.12.5/hooks.py`` and what was recorded of it in the release that ``:on:`` names, else in
that of its folder. The lines are those of ``{exchange}``; a claim is a status, an exception of a request or of the
import, or a line ``warns DeprecationWarning: …``. A claim that is not what was recorded stops the build, and so
does a record that is not there or older than the code. Options:

``:on:``
    The release, if it is not the one of the folder.
``:headers:``, ``:host:``, ``:no-body:``
    As in ``{exchange}``.
``:no-code:``
    Leave the code out; a block before has shown it.

::

    ```{then-diff} 0.12.5/diary 1.0.4/diary
    ```

shows what differs between two files of old code.
"""

from __future__ import annotations

import difflib
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from werkzeug.datastructures import Headers

from proven.base.complaints import complain
from proven.base.evidence import evidence
from proven.base.tables import paragraph
from proven.exchange.directive import Exchange
from proven.exchange.recording import Answer
from proven.releases import recorded
from proven.releases.environments import FLASK
from proven.releases.recorded import Old, OldCodeError, Record, Recorded


class Then(Exchange):
    """Old code with its recorded answers."""

    option_spec: ClassVar[OptionSpec] = {
        **Exchange.option_spec,
        "on": directives.unchanged_required,
        "no-code": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the box, nothing where something is wrong."""
        options = {name: value or "" for name, value in self.options.items()}
        self.env.note_dependency(str(recorded.FILE))
        try:
            old = recorded.read_block(self.arguments[0], options, list(self.content))
            self.env.note_dependency(str(old.file))
            record = old.check(recorded.read().records.get(old.key))
        except OldCodeError as error:
            line = self.lineno + self.content_offset + error.line + 1
            complain(f"{self.name}: {error}", (self.env.docname, line), "then")
            return []
        box = evidence(nodes.container(classes=["then"]))
        box += paragraph(self.title(old.release), classes=["then-release"])
        if "no-code" not in self.options:
            box += self.block(old.file.read_text(encoding="utf-8").rstrip("\n"), "python", "code")
        box += self.answers(old, record)
        for node in box.findall(nodes.Element):
            if not node.line:
                self.set_source_info(node)
        return [box]

    def title(self, release: str) -> str:
        """Say in which release it ran, beside what."""
        pins = next((each.pins for each in FLASK if each.release == release), ())
        werkzeug = next(
            (pin.partition("==")[2] for pin in pins if pin.startswith("werkzeug==")), ""
        )
        beside = f" · Werkzeug {werkzeug}" if werkzeug else ""
        return _("Recorded with Flask %(release)s") % {"release": release} + beside

    def answers(self, old: Old, record: Record) -> nodes.Element:
        """Return what was recorded."""
        box = nodes.container(classes=["exchange"])
        if record.raised:
            failed = nodes.container(classes=["exchange-step"])
            failed += self.block("import", "text", "request")
            failed += self.block(record.raised, "text", "response")
            box += failed
        shown = [h.strip() for h in self.options.get("headers", "").split(",") if h.strip()]
        for request, answer in zip(old.requests, record.answers, strict=False):
            made = Answer(
                request,
                answer.status,
                Headers([(name, value) for name, value in answer.headers]),
                answer.content(),
                "",
            )
            step = self.step(made, shown, old.host, cookies=False)
            # Nobody can send it with curl today.
            del step[-1]
            self.say_raised(step, answer)
            box += step
        for line, warning in old.warns:
            text = next(text for text in record.warned if text.startswith(warning))
            heard = nodes.container(classes=["exchange-step"], line=line)
            heard += self.block(text, "text", "response")
            box += heard
        return box

    def say_raised(self, step: nodes.Element, answer: Recorded) -> None:
        """Put the exception of a request in the place of its body."""
        if not answer.raised:
            return
        text = (
            answer.raised if not answer.status else f"HTTP/1.1 {answer.status}\n\n{answer.raised}"
        )
        containers = step.findall(nodes.container)
        first = next(each for each in containers if "exchange-response" in each["classes"])
        del step[step.index(first) :]
        step += self.block(text, "text", "response")


class ThenDiff(SphinxDirective):
    """What differs between two files of old code."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the difference, nothing where a file is not there."""
        texts = []
        for name in self.arguments:
            file = recorded.CODE / f"{name}.py"
            if not file.is_file():
                complain(
                    f"{self.name}: there is no {name!r}", (self.env.docname, self.lineno), "then"
                )
                return []
            self.env.note_dependency(str(file))
            texts.append(file.read_text(encoding="utf-8").splitlines())
        lines = [
            line
            for line in difflib.unified_diff(texts[0], texts[1], lineterm="", n=0)
            if not line.startswith(("---", "+++", "@@"))
        ]
        code = nodes.literal_block("\n".join(lines), "\n".join(lines), language="diff")
        code["translatable"] = False
        self.set_source_info(code)
        return [nodes.container("", code, classes=["then-diff", "no-copy"])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive(recorded.DIRECTIVE, Then)
    app.add_directive("then-diff", ThenDiff)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
