"""Bind the sentences of a page to what they rest on: ``nox -s claims``.

::

    python -m proven.commands.claims                         # what is wrong, and the figures of every page
    python -m proven.commands.claims list guide/hooks        # the sentences that rest on nothing
    python -m proven.commands.claims bind guide/hooks < lines
    python -m proven.commands.claims file guide/hooks advice < lines

``bind`` reads lines ``tests/guide/hooks/test_order.py::test_a_hook_that_returns ||| A function that returns`` and puts
the decorator on the test; with more ``|||``, it quotes more sentences. ``file`` reads beginnings of sentences and puts
them into the list of the page. A beginning that no sentence has, or more than one, is refused with a line, and the
others are done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from proven.base.project import ROOT
from proven.claims import lists
from proven.claims.binding import Bound, faults, nearest, weigh
from proven.claims.page import Read, read
from proven.claims.quotes import quotes
from proven.claims.sentences import Sentence
from proven.commands.decorate import DecorateError, decorate, tidy
from proven.snippets.files import suggestion

SEPARATOR = "|||"


class RefusedError(Exception):
    """A line of the input that cannot be done; the message says why."""


def name_of_page(wanted: str, pages: Iterable[str]) -> str:
    """Return the name of a page that is given as ``guide/hooks``, ``docs/guide/hooks.md`` or ``hooks``.

    Raises:
        SystemExit: if there is no such page; it names the nearest.
    """
    known = list(pages)
    name = wanted.removeprefix("docs/").removesuffix(".md")
    found = [page for page in known if page == name] or [
        page for page in known if page.endswith(f"/{name}")
    ]
    if len(found) != 1:
        raise SystemExit(f"there is no page {wanted!r}: {suggestion(name, found or known)}")
    return found[0]


def meant(bound: Bound, beginning: str, taken: Iterable[str] = ()) -> Sentence:
    """Return the one sentence that begins so and is not in ``taken``.

    Raises:
        RefusedError: if there is none, or more than one.
    """
    wanted = " ".join(beginning.split())
    exact = [each for each in bound.sentences if each.text == wanted]
    found = exact or [each for each in bound.sentences if each.text.startswith(wanted)]
    left_out = set(taken)
    texts = list(dict.fromkeys(each.text for each in found if each.text not in left_out))
    if not wanted or not texts:
        if wanted and found:
            raise RefusedError(f"{found[0].text!r} is {bound.state(found[0].text)} already")
        raise RefusedError(f"no sentence begins {wanted!r}; {nearest(wanted, bound.sentences)}")
    if len(texts) > 1:
        raise RefusedError(f"{len(texts)} sentences begin {wanted!r}: {' / '.join(texts[:3])}")
    return next(each for each in found if each.text == texts[0])


def show(bound: Bound) -> Iterator[str]:
    """Yield the sentences of a page that rest on nothing, and its figures."""
    for number, sentence in enumerate(bound.unbound(), 1):
        may = "  (may be shown)" if sentence.shown else ""
        yield f"{number:4} {sentence.file}:{sentence.line}: {sentence.text}{may}"
    yield figures(bound)


def figures(bound: Bound) -> str:
    """Return the figures of a page in a line."""
    return f"{bound.page}: " + ", ".join(f"{n} {name}" for name, n in bound.figures().items())


def bind(root: Path, bound: Bound, lines: Iterable[str]) -> Iterator[str]:
    """Put the decorator on tests; yield what was refused."""
    changed = set()
    for line in filter(str.strip, lines):
        target, *beginnings = (part.strip() for part in line.split(SEPARATOR))
        path, _, test = target.partition("::")
        try:
            if not beginnings:
                raise RefusedError("write path::test ||| the beginning of a sentence")
            texts = []
            for beginning in beginnings:
                proved = [text for text, its in bound.proofs.items() if _same(its, path, test)]
                texts.append(meant(bound, beginning, [*bound.reasons, *proved]).text)
            decorate(root / path, test, bound.page, texts)
            changed.add(root / path)
        except (RefusedError, DecorateError) as error:
            yield f"{target}: {error}"
    if changed:
        tidy(sorted(changed))


def _same(its: Iterable[object], path: str, test: str) -> bool:
    return any((getattr(q, "file", ""), getattr(q, "test", "")) == (path, test) for q in its)


def put(root: Path, bound: Bound, reason: str, lines: Iterable[str]) -> Iterator[str]:
    """Put sentences into a list of the page, in the order of the page; yield what was refused."""
    reasons = dict(bound.reasons)
    for line in filter(str.strip, lines):
        try:
            sentence = meant(bound, line, [*reasons, *bound.proofs])
            if reason == "shown" and not sentence.shown:
                raise RefusedError(
                    f"nothing that runs stands beside {sentence.text!r}: prove it in a test, or list it as advice"
                )
            reasons[sentence.text] = reason
        except RefusedError as error:
            yield str(error)
    order = {sentence.text: n for n, sentence in enumerate(bound.sentences)}
    texts: dict[str, list[str]] = {each: [] for each in lists.REASONS}
    for text in sorted(reasons, key=lambda text: order.get(text, len(order))):
        texts[reasons[text]].append(text)
    lists.write(root, bound.page, texts)


def report(root: Path, found: Read, pages: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the claims of the whole site, and the figures of some pages."""
    quoted, _ = quotes(root)
    for fault in faults(root, found.pages):
        yield f"{fault.place}: {fault.message}"
    for page in pages:
        yield figures(weigh(root, page, found.pages[page], quoted))


def page_faults(root: Path, pages: Iterable[str]) -> list[str]:
    """Return what is wrong with the claims of some pages."""
    found, wanted = read(root), set(pages)
    names = (f"docs/{page}.md:" for page in wanted)
    its = (f"{lists.path(page).as_posix()}:" for page in wanted)
    places = (*names, *its)
    return [
        f"{fault.place}: {fault.message}"
        for fault in faults(root, found.pages)
        if fault.place.startswith(places) or any(fault.message.startswith(f"{p} ") for p in wanted)
    ]


def main() -> int:
    """Run the command line; return 1 if something was refused or is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "action", nargs="?", choices=("report", "list", "bind", "file"), default="report"
    )
    parser.add_argument("page", nargs="?", help="such as guide/hooks")
    parser.add_argument("reason", nargs="?", choices=lists.REASONS, help="for file")
    arguments = parser.parse_args()
    found = read(ROOT)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    if arguments.action == "report":
        pages = [name_of_page(arguments.page, found.pages)] if arguments.page else found.pages
        print("\n".join(report(ROOT, found, pages)))
        return int(bool(faults(ROOT, found.pages)))
    if not arguments.page:
        raise SystemExit("name a page, such as guide/hooks")
    page = name_of_page(arguments.page, found.pages)
    bound = weigh(ROOT, page, found.pages[page], quotes(ROOT)[0])
    if arguments.action == "list":
        for fault in bound.faults:
            print(f"{fault.place}: {fault.message}")
        print("\n".join(show(bound)))
        return 0
    if arguments.action == "bind":
        refused = list(bind(ROOT, bound, sys.stdin))
    elif arguments.reason:
        refused = list(put(ROOT, bound, arguments.reason, sys.stdin))
    else:
        raise SystemExit("name a list: shown or advice")
    for line in refused:
        print(f"refused: {line}")
    print(figures(weigh(ROOT, page, found.pages[page], quotes(ROOT)[0])))
    return int(bool(refused))


if __name__ == "__main__":
    sys.exit(main())
