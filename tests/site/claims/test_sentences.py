"""What counts as a sentence of a page, in the tiny site and through the command line."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from proven.claims.proofs import proves
from tests.site.tiny_site import TinySite

PAGE = """\
---
description: A description is no sentence of the page.
---
(kinds)=
# Kinds of sentences

A paragraph, e.g. this. It calls `app.run()`
on two lines. It links to {py:func}`flask.flash` and {ref}`its title <kinds>`.

```{exchange} snippets.greeting.hello
GET / -> 200
```

(kinds-apart)=
## A heading that ends as one.

**A bold beginning.** What it heads. And more.

- An item
- {doc}`greeting`
- {doc}`greeting`: what stands there

A term.
: Its definition.

| Key | Default |
| --- | --- |
| `FIRST` | 1. And 2. |
| `SECOND` | {ref}`kinds` |

:::{note}
A note has one.
:::

:::{pitfall} `Error: no sentence.`
A pitfall has one.
:::

:::{pitfall} It happens
Another has a doctest.

```{doctest}
>>> 1 + 1
2
```
:::

```{code-block} console
$ echo "Code has none."
```

% A comment has none.

A foot[^1].

[^1]: A footnote has one.

```{eval-rst}
.. autofunction:: snippets.greeting.described.described
```
"""
MODULE = '''\
"""A function with a docstring."""


def described(first: int, second: int) -> str:
    """Return a text. It is short.

    Args:
        first: What comes first.
        second:

    Raises:
        ValueError: if both are equal.
    """
    return f"{first}{second}"
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """Return the sentences of the page, each by its text."""
    site = TinySite(tmp_path_factory.mktemp("tiny"))
    site.write("docs/guide/kinds.md", PAGE)
    site.write("snippets/greeting/described.py", MODULE)
    site.edit("docs/index.md", "guide/greeting\n", "guide/greeting\nguide/kinds\n")
    # It says that nothing proves them, too, but for the page that it is asked for.
    command = [sys.executable, "-m", "proven.commands.claims", "list", "guide/kinds"]
    for _ in range(2):
        # What is kept for the second time is the same.
        done = subprocess.run(
            command,
            cwd=site.root,
            env=site.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    kept = json.loads(site.read("build/doctrees/claims/sentences.json"))
    return {each[0]: each for each in kept["pages"]["guide/kinds"]}


@proves(
    "about/testing",
    "A test quotes what a reader sees, without backquotes and with the text of a link only.",
    "… stands for the words of since:",
    "the sentences of paragraphs, list items, definitions, boxes, footnotes and of the "
    "docstrings that a page shows; the name of a page, for them, is the page that shows "
    "them",
    "a row of a table that a person wrote, whole, with a bar between its cells",
    "a heading or a caption only if it ends with a full stop; a bold beginning belongs to "
    "the sentence that follows it",
    "not code, nor what the build makes, nor a list item that is only a link",
)
def test_these_are_the_sentences_of_a_page(said: dict[str, list[object]]) -> None:
    kinds = {text: each[3] for text, each in said.items()}
    assert kinds == {
        "A paragraph, e.g. this.": "paragraph",
        "It calls app.run() on two lines.": "paragraph",
        "It links to flask.flash() and its title.": "paragraph",
        "A heading that ends as one.": "heading",
        "A bold beginning. What it heads.": "paragraph",
        "And more.": "paragraph",
        "An item": "item",
        "Greeting: what stands there": "item",
        "Its definition.": "definition",
        "FIRST | 1. And 2.": "row",
        "SECOND | Kinds of sentences": "row",
        "A note has one.": "paragraph",
        "A pitfall has one.": "paragraph",
        "Another has a doctest.": "paragraph",
        "A foot.": "paragraph",
        "A footnote has one.": "footnote",
        "Return a text.": "paragraph",
        "It is short.": "paragraph",
        "first (int) -- What comes first.": "field",
        "ValueError -- if both are equal.": "field",
    }


def test_a_sentence_knows_its_line(said: dict[str, list[object]]) -> None:
    lines = PAGE.splitlines()
    for text, each in said.items():
        file, line = str(each[1]), int(str(each[2]))
        source = lines if file.endswith(".md") else MODULE.splitlines()
        words = re.findall(r"\w+", text.rpartition(" -- ")[2].replace("Greeting: ", ""))
        assert re.search(rf"\b{words[0]}\b", source[line - 1]), (text, line)
        assert file == (
            "docs/guide/kinds.md" if source is lines else "snippets/greeting/described.py"
        )


@proves(
    "about/testing",
    "A sentence may be listed as shown only if something that ran stands directly in its "
    "own section: a recorded exchange, shell session or life of a request, a doctest, a snippet, "
    "a table that the build makes.",
    "A pitfall and a documented object count as sections of their own.",
    "A typed block is no proof.",
)
def test_only_beside_what_ran_a_sentence_may_be_shown(said: dict[str, list[object]]) -> None:
    assert {text for text, each in said.items() if each[5]} == {
        "A paragraph, e.g. this.",
        "It calls app.run() on two lines.",
        "It links to flask.flash() and its title.",
        "Another has a doctest.",
    }
