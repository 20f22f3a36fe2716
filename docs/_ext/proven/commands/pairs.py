"""Installs releases that do not fit each other, runs them, and records what Python says (`nox -s pairs`).

``docs/history/pairs/asked.toml`` says which pairs are tried. Each takes three environments in a temporary
folder, filled by uv without looking at what the packages demand of each other, as a requirements file of years
ago fills them:

- the last release of the library that makes the call, with the first release that lacks what it calls: fails;
- the same with the release before: runs;
- the first release of the calling library that is mended, with the release that failed: runs.

One that does otherwise stops the command. The answers are written to ``docs/history/pairs/found.json``, to be
reviewed and committed; a build only reads them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from proven.releases import pairs
from proven.releases.pairs import Asked, Pair, PairError

SECONDS = 300
#: The last line of a traceback, and a frame of it.
RAISED = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|NotFound)\b.*)$", re.M)
FRAME = re.compile(r'^  File ".*?/site-packages/([^"]+)", line \d+', re.M)


def attempt(releases: Mapping[str, str], run: str) -> str | None:
    """Install releases and run code with them; return the end of what Python says, ``None`` where it says nothing.

    Args:
        releases: The version of each library.
        run: The code.

    Raises:
        PairError: A release cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="pairs-") as folder:
        site = Path(folder, "site-packages")
        wanted = [f"{name}=={version}" for name, version in releases.items()]
        install = ["uv", "pip", "install", "--quiet", "--no-deps", "--no-config"]
        done = subprocess.run(
            [*install, "--python", sys.executable, "--target", str(site), *wanted],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PairError(f"{' '.join(wanted)}: {done.stderr.strip().splitlines()[-1]}")
        # Without `site`, nothing is found but these packages and the standard library.
        code = f"import sys; sys.path.insert(0, {str(site)!r})\n{run}"
        ran = subprocess.run(
            [sys.executable, "-S", "-E", "-W", "ignore", "-c", code],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
            cwd=folder,
        )
        return ran.stderr if ran.returncode else None


def message_of(said: str) -> str:
    """Return the exception at the end of a traceback, without the folder of this machine."""
    found = RAISED.findall(said)
    if not found:
        raise PairError(f"no exception in {said.strip()[-200:]!r}")
    return re.sub(r" \(/\S+\)$", "", str(found[-1]))


def tried(asked: Asked) -> Pair:
    """Try one pair.

    Raises:
        PairError: It fits, or what should fit does not.
    """
    failing = {**asked.beside, asked.old: asked.last, asked.new: asked.first}
    said = attempt(failing, asked.run)
    if said is None:
        raise PairError(f"{asked.label}: they fit")
    fitting = [{**failing, asked.new: asked.before}]
    if asked.mended:
        fitting.append({**failing, **asked.mended_beside, asked.old: asked.mended})
        fitting[-1][asked.new] = asked.first
    for releases in fitting:
        other = attempt(releases, asked.run)
        if other is not None:
            names = f"{asked.old} {releases[asked.old]}, {asked.new} {releases[asked.new]}"
            raise PairError(f"{asked.label}: {names} do not fit: {message_of(other)}")
    message = message_of(said)
    if not any(re.split(r"\W", name.rstrip(")"))[-1] in message for name in asked.names):
        raise PairError(f"{asked.label}: none of {', '.join(asked.names)} is missing: {message}")
    # The library that is called stands last where it is not an import that fails.
    package = asked.new.replace("-", "_")
    frames = [file for file in FRAME.findall(said) if not re.match(rf"{package}\b", file)]
    return Pair.of(asked, message, frames[-1] if frames else "")


def chosen(questions: Sequence[Asked], only: Sequence[str]) -> Iterator[Asked]:
    """Yield the pairs with a library of these names in them, all if there is none."""
    for asked in questions:
        if not only or {asked.old.lower(), asked.new.lower()} & {name.lower() for name in only}:
            yield asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("only", nargs="*", metavar="library", help="try the pairs with these only")
    options = parser.parse_args(arguments)
    questions = pairs.read_asked(tomllib.loads(pairs.ASKED.read_text("utf-8")))
    known = {pair.label: pair for pair in pairs.read_found()}
    faults = []
    for asked in chosen(questions, options.only):
        try:
            known[asked.label] = tried(asked)
        except (PairError, subprocess.TimeoutExpired) as error:
            faults.append(f"pairs: {error}")
            print(faults[-1], file=sys.stderr, flush=True)
        else:
            print(f"pairs: {asked.label}: {known[asked.label].message}", flush=True)
    if faults:
        print("pairs: the data is unchanged", file=sys.stderr)
        return 1
    text = pairs.dump([known[asked.label] for asked in questions if asked.label in known])
    pairs.FOUND.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
