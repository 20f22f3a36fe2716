"""Compares what a snippet did in a release with what it does today.

The same answer has the same status, the same body and the same values of the headers that decide what a client does
next. What differs between two runs of today, such as a random identifier, is not compared. Pages that Werkzeug
itself writes for an error or a redirect are the same if they are for the same status.
"""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from proven.releases.jobs import Sent, Snippet
from proven.releases.runs import MANY, Difference, Outcome

#: Headers that decide what a client does; what a page shows is compared too.
DECIDING = ("Location", "Allow", "Content-Type", "Set-Cookie", "WWW-Authenticate")
#: A page that Werkzeug writes.
WRITTEN = re.compile(
    r"<!doctype html.*?<title>(?P<title>(?:[45]\d\d .*?|Redirecting\.\.\.))</title>", re.I | re.S
)
#: Longest text of a difference.
LONGEST = 120


def outcome(release: str, snippet: Snippet, got: Any, today: Any, again: Any) -> Outcome:
    """Return what a snippet did in a release.

    Args:
        release: The release.
        snippet: The snippet.
        got: What the runner wrote for it in that release.
        today: What it wrote today.
        again: What it wrote in a second run of today.
    """
    if "failed" in got:
        return Outcome(since=release, kind="raises", error=last_line(got["failed"]))
    differences: list[Difference] = []
    for position, block in enumerate(got["done"]):
        if "raises" in block:
            return Outcome(since=release, kind="raises", error=block["raises"])
        if not snippet.sent:
            continue
        sent = snippet.sent[position]
        for number, answer in enumerate(block["answers"]):
            request = f"{sent.requests[number].method} {sent.requests[number].target}"
            now = today["done"][position]["answers"][number]
            once_more = again["done"][position]["answers"][number]
            raised = answer.get("raises") or answer.get("raised")
            if raised and raised != (now.get("raises") or now.get("raised")):
                return Outcome(since=release, kind="raises", error=raised, request=request)
            differences += differing(request, sent, answer, now, once_more)
    if differences:
        return Outcome(since=release, kind="other", differences=tuple(differences[:MANY]))
    return Outcome(since=release, kind="same")


def differing(
    request: str, sent: Sent, got: dict[str, Any], now: dict[str, Any], again: dict[str, Any]
) -> Iterator[Difference]:
    """Yield the first part of an answer that differs from today's."""
    if "raises" in now or "raises" in got:
        return
    status, expected = got["status"][:3], now["status"][:3]
    if status != expected:
        yield Difference(request=request, part="status", then=status, now=expected)
        return
    for name in dict.fromkeys((*DECIDING, *sent.shown)):
        if name == "Content-Type" and (not got["body"] or WRITTEN.match(text_of(got))):
            continue
        values, wanted, other = (header(answer, name) for answer in (got, now, again))
        if wanted == other and values != wanted:
            yield Difference(request=request, part=name, then=shorter(values), now=shorter(wanted))
            return
    body, text = body_of(got), body_of(now)
    if body_of(again) == text and body != text:
        then, today = first_difference(body, text)
        yield Difference(request=request, part="body", then=then, now=today)


def header(answer: dict[str, Any], name: str) -> str:
    """Return the values of a header, in a form in which spelling does not count."""
    values = [value for key, value in answer["headers"] if key.lower() == name.lower()]
    if name == "Allow":
        values = [", ".join(sorted(re.split(r",\s*", value))) for value in values]
    if name == "Content-Type":
        values = [value.lower().replace(" ", "").replace("utf8", "utf-8") for value in values]
    if name == "Set-Cookie":
        values = [cookie(value) for value in values]
    return "\n".join(values)


def cookie(value: str) -> str:
    """Return a cookie with its attributes in order, and dates as they are written today."""
    pair, *attributes = re.split(r";\s*", re.sub(r"(\d\d)-(\w{3})-(\d{4})", r"\1 \2 \3", value))
    return "; ".join([pair, *sorted(attributes)])


def body_of(answer: dict[str, Any]) -> str:
    """Return the body as text; of a page that Werkzeug writes only which one it is."""
    text = text_of(answer)
    if found := WRITTEN.match(text):
        return f"<title>{found['title'].lower()}</title>"
    return text.strip()


def text_of(answer: dict[str, Any]) -> str:
    """Return the body as text."""
    return base64.b64decode(answer["body"]).decode("utf-8", "replace")


def first_difference(then: str, now: str) -> tuple[str, str]:
    """Return the first lines that differ, cut around the place."""
    lines = then.splitlines(), now.splitlines()
    for before, after in zip(*lines, strict=False):
        if before != after:
            return around(before, after)
    longer = max(lines, key=len)[min(map(len, lines))] if len(lines[0]) != len(lines[1]) else ""
    return (shorter(longer), "") if len(lines[0]) > len(lines[1]) else ("", shorter(longer))


def around(then: str, now: str) -> tuple[str, str]:
    """Return both texts from a little before their first difference."""
    match = difflib.SequenceMatcher(None, then[:2000], now[:2000], autojunk=False)
    start = next(
        (block.size for block in match.get_matching_blocks() if block.a == block.b == 0), 0
    )
    begin = max(0, start - 20)
    lead = "…" if begin else ""
    return shorter(lead + then[begin:]), shorter(lead + now[begin:])


def shorter(text: str) -> str:
    """Return a text that is not longer than :data:`LONGEST`."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def last_line(trace: str) -> str:
    """Return the exception of a traceback."""
    return shorter((trace.strip().splitlines() or [""])[-1])


def of_examples(
    release: str, snippet: Snippet, pages: dict[str, Any], today: dict[str, Any]
) -> Outcome | None:
    """Return what the examples of pages that name a snippet did where they did not give what they say."""
    for page, position in snippet.examples:
        got = pages[page]
        found: Sequence[str] = (
            got["done"][position] if "done" in got else [f"raises {last_line(got['failed'])}"]
        )
        known = today[page].get("done", {})
        if known and known[position]:
            continue
        if found and found[0].startswith("raises NameError"):
            # What it lacks was to come from a block before it: what that raised says more.
            found = next(
                (b for b in got["done"] if b and not b[0].startswith("raises NameError")), found
            )
        if (outcome := of_texts(release, found)) is not None:
            return outcome
    return None


def of_texts(release: str, found: Sequence[str]) -> Outcome | None:
    """Return the outcome of examples from what the runner says of those that gave something else."""
    if not found:
        return None
    kind, _, text = found[0].partition(" ")
    if kind == "raises":
        return Outcome(since=release, kind="raises", error=text)
    difference = Difference(request="", part="example", then=shorter(text), now="")
    return Outcome(since=release, kind="other", differences=(difference,))
