"""Provokes every fault on every backend, prints what it cost, and records it for the reference page.

For each backend, Gunicorn runs an application with the session interface and the client that the page shows, in two
processes of six threads. Two processes of clients make eight requests at a time: visitors come, write, log in and out,
and write meanwhile; they remember what they were told, and compare each answer with it. Then a server is killed (-9),
or hangs (SIGSTOP), or is stopped; there is no room on its disk (a small tmpfs that is filled up); connections end after
it has done what it was asked (a proxy keeps answers to itself); clocks move by an hour, forward and back; processes
of the application are killed; and they are forked after the backend was used, as ``sync``, ``gthread`` and ``gevent``
workers with ``--preload``, and before.

Lost is a change that was acknowledged and is gone although the server that was told of it keeps what it acknowledges;
what a Memcached has forgotten that ended is counted by itself. All files are in memory, so a process that is killed
leaves behind what it has written; a machine without power is another matter.

Everything is on this machine's loopback, ends by itself and takes about eight minutes on two cores. It must be allowed
to mount a tmpfs. Names of backends and of faults as arguments provoke only these, and write nothing.
"""

from __future__ import annotations

import sys
import time

from proven.base.project import ROOT
from proven.commands.chaos import record
from proven.commands.chaos.backends import BACKENDS, running
from proven.commands.chaos.faults import FAULTS
from proven.commands.chaos.tally import Tally

HEAD = (
    f"{'backend':12}{'fault':15}{'requests':>9}{'acknowl.':>9}{'lost':>6}{'mixed':>6}{'resurr.':>8}{'forgot.':>8}"
    f"{'wait':>7}  answers"
)


def line(backend: str, fault: str, tally: Tally) -> str:
    """Return a row of the printed table."""
    seen = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
    return (
        f"{backend:12}{fault:15}{tally.requests:9}{tally.acknowledged:9}{tally.lost:6}{tally.mixed:6}"
        f"{tally.resurrected:8}{tally.forgotten:8}{tally.longest:6.1f}s  {seen}"
    )


def main(names: list[str]) -> int:
    """Run, and return 1 if something was lost, mixed or resurrected."""
    start = time.monotonic()
    known = {*FAULTS, *(backend.name for backend in BACKENDS)}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"{', '.join(unknown)} is none of {', '.join(sorted(known))}")
    chosen = [backend for backend in BACKENDS if backend.name in names] or BACKENDS
    faults = [fault for fault in FAULTS if fault in names] or list(FAULTS)
    run: dict[str, dict[str, Tally | None]] = {}
    print(HEAD)
    for backend in chosen:
        run[backend.name] = {}
        with running(backend) as place:
            for fault in faults:
                tally = run[backend.name][fault] = FAULTS[fault](place)
                if tally is not None:
                    print(line(backend.name, fault, tally), flush=True)
                    for note in tally.notes:
                        print(f"    {note}", flush=True)
    print(f"{time.monotonic() - start:.0f} seconds")
    if not names:
        for path in record.write(run):
            print(f"written: {path.relative_to(ROOT).as_posix()}")
    tallies = [tally for found in run.values() for tally in found.values() if tally is not None]
    return int(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
