"""Ask the error look-up the bank in Node, with the files and the data of the built site: takes a second.

``python -m tests.findable.node`` prints what became of the messages, set by set; no message is shown.
"""

from __future__ import annotations

import argparse
import atexit
import json
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html
from playwright._impl._driver import compute_driver_executable

from proven.base.project import ROOT
from tests.findable.bank import FOLDERS, SETS, Message, Places, read_messages
from tests.findable.score import HEADER, Entry, row, say, score_look_up

SCRIPTS = ROOT / "docs/_static/look-up"
ASK = """
const fs = require("fs"), vm = require("vm");
const [data, ...scripts] = process.argv.slice(1);
for (const script of scripts) vm.runInThisContext(fs.readFileSync(script, "utf8"));
let filled;
provenLookUp.take((given) => { filled = given; });
vm.runInThisContext(fs.readFileSync(data, "utf8"));
const lookUp = new provenLookUp.LookUp(filled);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(JSON.parse(line).map((text) => lookUp.find(text))) + "\\n");
});
"""


@cache
def look_up(site: Path, folder: str) -> subprocess.Popen[str]:
    """Return a process that has loaded the look-up of a language; to load it takes longer than to ask it."""
    node = compute_driver_executable()[0]
    names = [str(SCRIPTS / name) for name in ("parse.js", "names.js", "core.js")]
    process = subprocess.Popen(
        [str(node), "-e", ASK, str(site / folder / "look-up.js"), *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    # It ends when nobody can ask it any more.
    atexit.register(process.communicate)
    return process


def ask(site: Path, folder: str, texts: list[str]) -> list[dict[str, Any]]:
    """Return what the look-up of a language finds for each text."""
    process = look_up(site, folder)
    assert process.stdin
    assert process.stdout
    print(json.dumps(texts), file=process.stdin, flush=True)
    answer = process.stdout.readline()
    assert answer, f"the look-up ended with {process.wait()}; what it said stands above"
    found: list[dict[str, Any]] = json.loads(answer)
    return found


@cache
def listed(page: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return title and text of each entry of the lists, by where it leads and, in a section, by its title."""
    found = {}
    lists = "//ul[contains(@class, 'errors') or contains(@class, 'passages')]/li"
    for item in html.parse(str(page)).getroot().xpath(lists):
        (link,) = item.xpath("./p[1]/a")
        path, _, place = link.get("href").partition("#")
        target = (page.parent / path).resolve() if path else page
        key = f"{target.relative_to(page.parents[1]).with_suffix('').as_posix()}#{place}"
        title = " ".join("".join(link.itertext()).split())
        # An entry with a box of its own is found by its place alone.
        name = "" if place.startswith("pitfall-") else title
        found[key, name] = (title, "".join(item.itertext()))
    return found


def entries(site: Path, folder: str, results: list[dict[str, Any]]) -> list[Entry]:
    """Return results as the judge has them."""
    page = site / folder / "reference/errors.html"
    return [
        Entry(each["key"], *listed(page)[each["key"], each["title"]], ())
        if "key" in each
        else Entry(
            each.get("place", "").replace(".html#", "#"),
            each["title"],
            " ".join(each["says"]),
            tuple(each["names"]),
        )
        for each in results
    ]


def asked(site: Path, sets: Iterable[str]) -> list[tuple[Message, list[Entry]]]:
    """Ask the messages of some sets, each on the site of its language."""
    pairs: list[tuple[Message, list[Entry]]] = []
    for language, folder in FOLDERS.items():
        messages = [each for each in read_messages(sets) if each.language == language]
        answers = ask(site, folder, [each.text for each in messages])
        pairs += [
            (message, entries(site, folder, answer["results"]))
            for message, answer in zip(messages, answers, strict=True)
        ]
    return pairs


def main() -> int:
    """Print the totals."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", default=list(SETS), help="tuned, held or both")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "html", help="the built site")
    options = parser.parse_args()
    site = options.site.resolve()
    places = Places(site / "en")
    say(HEADER)
    for name in options.sets:
        say(row(name, score_look_up(asked(site, [name]), places)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
