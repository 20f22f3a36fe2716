"""The button beside each snippet that runs in the browser, and the data that the panel asks for once it is pressed.

The record of ``nox -s replay`` says which snippets run; one that does not has its reason in one line. The blocks of
``>>>`` that run get a button too. A page names a snippet that it does not show with a role, whose text becomes the
button::

    {run}`A form <snippets.forms.smallest>`

A page loads a small script and nothing else. With the first press it fetches ``_run/<page>.json``, which has the
files of the page's snippets, its requests with the recorded answers, and the names of what Run loads.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.docutils import ReferenceRole
from sphinx.util.typing import ExtensionMetadata

from proven.base import memory
from proven.base.complaints import complain
from proven.base.html_node import register
from proven.base.project import ROOT
from proven.exchange.directive import Recorded
from proven.exchange.recording import Answer, Request
from proven.releases.jobs import snippets
from proven.run import bundle, texts
from proven.run.examples import examples_of
from proven.run.files import content, paths_of
from proven.run.libraries import bundles_of
from proven.run.reasons import reason
from proven.run.record import FILE, Record, Seen, Tried, digest_of, read
from proven.snippets import code_comments
from proven.snippets.files import PACKAGE, file_of, runnable
from proven.snippets.include import snippet

FOLDER = "_run"


class run_button(nodes.General, nodes.Inline, nodes.TextElement):  # noqa: N801  docutils writes node names so
    """A button in a text that opens the panel of ``module``, which the page need not show."""


class Run(ReferenceRole):
    """``{run}`A form <snippets.forms.smallest>```."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the button."""
        file = file_of(ROOT, self.target)
        if file is None or not runnable(file):
            message = f"run: {self.target!r} is no snippet with an application; name one"
            complain(message, self.get_location(), "run")
            return [nodes.Text(self.title)], []
        return [run_button("", self.title, module=self.target)], []


class run_place(nodes.General, nodes.Element):  # noqa: N801  docutils writes node names so
    """Where the button of ``module``, or of a block of ``examples``, stands, or why there is none."""


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page's snippets are made of, and its requests with their answers."""
    metadata = app.env.metadata[app.env.current_document.docname]
    blocks = []
    for box in doctree.findall(nodes.container):
        if "recorded" in box:
            recorded: Recorded = box["recorded"]
            del box["recorded"]
            blocks.append(recorded)
    named: list[nodes.Element] = [*doctree.findall(snippet), *doctree.findall(run_button)]
    shown = dict.fromkeys(box["module"] for box in named)
    found = {}
    for module in shown:
        file = file_of(ROOT, module)
        if file is None or not runnable(file):
            continue
        paths = paths_of(ROOT, module)
        for path in paths:
            app.env.note_dependency(str(path))
        found[module] = {
            "files": [path.relative_to(ROOT).as_posix() for path in paths],
            "bundles": bundles_of(ROOT, module),
            "blocks": [block(each) for each in blocks if each.module == module],
        }
    if texts_of := [block.get("test", block.rawsource) for block in example_blocks(doctree)]:
        its = examples_of(texts_of)
        for name in its.files:
            app.env.note_dependency(str(ROOT / name))
        metadata["examples"] = {
            "digest": its.digest,
            "files": its.files,
            "bundles": its.bundles,
            "blocks": its.sources,
        }
    if found or texts_of:
        if FILE.is_file():
            app.env.note_dependency(str(FILE))
        metadata["run"] = found


def example_blocks(doctree: nodes.document) -> list[nodes.literal_block]:
    """Return the blocks of ``>>>`` of a page."""
    return [
        block
        for block in doctree.findall(nodes.literal_block)
        if block.get("testnodetype") == "doctest"
    ]


def block(recorded: Recorded) -> list[dict[str, Any]]:
    """Return the requests of a block with their recorded answers, as the panel takes them."""
    return [
        {"request": asked(answer.request, recorded.host), "answer": answered(answer)}
        for answer in recorded.answers
    ]


def asked(request: Request, host: str) -> dict[str, Any]:
    """Return a request as the panel shows it: its body is text, whatever its kind."""
    body = request.multipart().decode() if request.files else request.body
    found = {
        "method": request.method,
        "target": request.target,
        "headers": [list(header) for header in request.headers],
        "host": host,
        "content_type": request.content_type,
        "body": body,
    }
    return {name: value for name, value in found.items() if value}


def answered(answer: Answer) -> dict[str, Any]:
    """Return a recorded answer."""
    return {
        "status": answer.status,
        "headers": [[name, value] for name, value in answer.headers],
        "body": answer.text(),
    }


def record_of(app: Sphinx) -> Record | None:
    """Return the record, read once a build; ``None`` where there is none, or pages without Run are built."""
    if not hasattr(app, "proven_run_record"):
        try:
            found = read() if app.config.run and FILE.is_file() else None
        except ValueError as error:
            message = f"docs/_run/record.json cannot be read ({error}); restore it from git"
            raise ExtensionError(message, modname="run") from None
        app.proven_run_record = found  # type: ignore[attr-defined]
        app.proven_run_new = stale(app, found) if found else set()  # type: ignore[attr-defined]
    record: Record | None = app.proven_run_record  # type: ignore[attr-defined]
    return record


def stale(app: Sphinx, record: Record) -> set[str]:
    """Return the snippets that are newer than their entries: nobody saw them run in the browser."""
    now, files = snippets(), state_of_files()

    def state(name: str) -> str:
        # What it depends on is read off many trees, and most builds are for a page.
        made_of = [files, [repr(sent) for sent in now[name].sent]]
        found: str = memory.memory(app).made(
            f"state of {name}", made_of, lambda: digest_of(now[name])
        )
        return found

    return {
        name
        for name, seen in record.snippets.items()
        if name not in now or state(name) != seen.digest
    }


def state_of_files() -> str:
    """Return a text that changes with whatever lies among the snippets."""
    found = hashlib.sha256()
    for folder, _folders, names in sorted(os.walk(ROOT / PACKAGE)):
        for name in sorted(names):
            if not name.endswith(".pyc"):
                found.update(f"{folder}/{name}\0".encode() + Path(folder, name).read_bytes())
    return found.hexdigest()


def seen_of(app: Sphinx, module: str) -> Seen | None:
    """Return what the replay saw of a snippet, ``None`` if it did not see it as it is."""
    record = record_of(app)
    if record is None or module in app.proven_run_new:  # type: ignore[attr-defined]
        return None
    return record.snippets.get(module)


def tried_of(app: Sphinx, docname: str) -> Tried | None:
    """Return what the replay saw of the examples of a page, ``None`` if it did not see them as they are."""
    record, its = record_of(app), app.env.metadata[docname].get("examples")
    tried = record.examples.get(docname) if record else None
    return tried if tried and its and tried.digest == its["digest"] else None


def marked(text: str) -> str:
    """Return a text as HTML: what stands between backquotes is code."""
    pieces = enumerate(text.split("`"))
    return "".join(
        f"<code>{escape(piece)}</code>" if index % 2 else escape(piece) for index, piece in pieces
    )


def add_places(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the button below each snippet that runs."""
    if app.builder.format != "html":
        return
    known = app.env.metadata[docname].get("run", {})
    for box in list(doctree.findall(snippet)):
        seen = seen_of(app, box["module"]) if box["module"] in known else None
        if seen is not None:
            # Beside the command that runs the snippet on the reader's own machine; a reason is a line of its own.
            place: nodes.Element = box
            if not seen.why and isinstance(box[-1], nodes.container):
                place = box[-1]
            place += run_place(module=box["module"], why=seen.why)
    for button in list(doctree.findall(run_button)):
        seen = seen_of(app, button["module"])
        if seen is None or seen.why:
            button.replace_self(nodes.inline("", "", *button.children))
    if tried := tried_of(app, docname):
        for number, block in enumerate(example_blocks(doctree)):
            if str(number) not in tried.left_out:
                at = block.parent.index(block) + 1
                block.parent.insert(at, run_place(examples=number, why=""))


def visit_html(visitor: Any, node: run_place) -> None:
    """Write the button, which the script enables, or the reason."""
    if node["why"]:
        visitor.body.append(f'<p class="run-not">{marked(reason(node["why"]))}</p>\n')
        return
    of = ("examples", str(node["examples"])) if "examples" in node else ("run", node["module"])
    visitor.body.append(f'<div class="run">{button(*of)}{escape(_("Run"))}</button></div>\n')


def button(kind: str, of: str) -> str:
    """Return the beginning of a button, which the script enables; outside a form it needs no type."""
    return f'<button data-{kind}="{escape(of, quote=True)}" disabled>'


def visit_button(visitor: Any, node: run_button) -> None:
    """Write the beginning of a button in a text."""
    visitor.body.append(f'<span class="run">{button("run", node["module"])}')


def depart_button(visitor: Any, _node: run_button) -> None:
    """Write its end."""
    visitor.body.append("</button></span>")


def depart_html(_visitor: Any, _node: run_place) -> None:
    """Nothing is open."""


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each page that has a button, with what is kept of its snippets that run."""
    if not app.config.run:
        return
    for docname in sorted(app.env.found_docs):
        known = app.env.metadata[docname].get("run", {})
        runs = {
            module: {
                **its,
                "varies": seen.varies,
                "blocks": its["blocks"] or elsewhere(app, module),
            }
            for module, its in known.items()
            if (seen := seen_of(app, module)) and not seen.why
        }
        if runs or tried_of(app, docname):
            yield docname, runs


def made(app: Sphinx) -> set[str]:
    """Return the files of all of these pages."""
    return {f"{FOLDER}/{docname}.json" for docname, _runs in pages(app)}


def data(
    app: Sphinx, docname: str, runs: dict[str, Any], manifest: dict[str, Any]
) -> dict[str, Any]:
    """Return what the panel of a page asks for, its files as they lie there."""
    found = {"manifest": manifest, "texts": texts.of_panel(), "modules": runs}
    paths = [path for its in runs.values() for path in its["files"]]
    if tried_of(app, docname):
        its = app.env.metadata[docname]["examples"]
        paths += its["files"]
        found["examples"] = {key: its[key] for key in ("files", "bundles", "blocks")}
    return {**found, "files": {path: content(ROOT / path) for path in dict.fromkeys(paths)}}


def translated(data: dict[str, Any], translations: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return it for a reader of a translation, who edits the code with the comments that the page shows."""
    files = dict(data["files"])
    for module, its in data["modules"].items():
        own = its["files"][0]
        if translations.get(module) and isinstance(files[own], str):
            files[own] = code_comments.replace(files[own], translations[module])
    return {**data, "files": files}


def elsewhere(app: Sphinx, module: str) -> list[list[dict[str, Any]]]:
    """Return the recorded requests to a snippet from the first page that has some, for one that has none."""
    for docname in sorted(app.env.found_docs):
        known = app.env.metadata[docname].get("run", {}).get(module)
        if known and known["blocks"]:
            found: list[list[dict[str, Any]]] = known["blocks"]
            return found
    return []


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the data of each page, where it is not the same as before, and remove what no page has."""
    if error is not None or app.builder.format != "html":
        return
    wanted = set()
    manifest = bundle.read(Path(os.environ[bundle.VARIABLE])) if app.config.run else {}
    for docname, runs in pages(app):
        file = f"{FOLDER}/{docname}.json"
        wanted.add(Path(app.outdir, file))
        uses = app.env.metadata[docname].get("modules", ())
        its = data(app, docname, runs, manifest), {use.module: use.translations for use in uses}
        memory.write(app, file, its, partial(text_of, *its))
    for gone in set(Path(app.outdir, FOLDER).rglob("*.json")) - wanted:
        gone.unlink()


def text_of(data: dict[str, Any], translations: dict[str, dict[str, str]]) -> str:
    """Return the file of a page."""
    return json.dumps(translated(data, translations), ensure_ascii=False, separators=(",", ":"))


def add_script(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let a page with a button load the small script, and say what it may have to say."""
    if doctree is None:
        return
    places = any(not node["why"] for node in doctree.findall(run_place))
    if not places and next(doctree.findall(run_button), None) is None:
        return
    app.add_js_file("run.js", loading_method="defer")
    # Beside the folders of the languages lies what they share.
    said = {
        "data": f"{context['pathto'](FOLDER, 1)}/{page}.json",
        "root": context["pathto"](f"../{bundle.FOLDER}", 1),
        **texts.of_page(),
    }
    context["run"] = json.dumps(said, ensure_ascii=False).replace("</", "<\\/")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the button and the data."""
    has_run = bool(os.environ.get(bundle.VARIABLE))
    app.add_config_value("run", has_run, "html", types=frozenset({bool}))
    app.setup_extension("proven.base.memory")
    app.setup_extension("proven.base.site_files")
    register(app, run_place, visit_html, depart_html, content_elsewhere=False)
    register(app, run_button, visit_button, depart_button, content_elsewhere=True)
    app.add_role("run", Run())
    app.connect("doctree-read", note)
    app.connect("doctree-resolved", add_places)
    app.connect("html-page-context", add_script)
    app.connect("site-files", made)
    app.connect("build-finished", write)
    return {"env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
