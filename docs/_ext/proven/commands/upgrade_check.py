"""Read somebody's code and say which names are gone (`nox -s upgrade-check -- path/to/app`).

Nothing is imported or run. The exit status is 1 where a name is gone, 0 where none is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from proven.releases import upgrade
from proven.releases.timeline import History


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="nox -s upgrade-check --", description=__doc__)
    parser.add_argument("path", type=Path, nargs="+", help="a file, or a folder with Python files")
    options = parser.parse_args(arguments)
    history = History()
    gone = 0
    for path in options.path:
        try:
            found, unread = upgrade.read(path, history)
        except FileNotFoundError:
            parser.error(f"there is no {path}")
        for item in upgrade.worst_first(found):
            print(upgrade.sentence(item))
            if page := upgrade.page_of(item.name, history):
                print(f"    more: {page}")
        for text in unread:
            print(f"not read: {text}")
        gone += sum(bool(item.removed) for item in found)
    print(f"{gone} names are gone" if gone else "no name that is gone was found")
    return int(gone > 0)


if __name__ == "__main__":
    sys.exit(main())
