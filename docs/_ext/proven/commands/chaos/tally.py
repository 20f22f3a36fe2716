"""What the clients of a run have counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NOTES = 20


@dataclass
class Tally:
    """The outcome of many requests.

    Attributes:
        requests: How many were sent.
        acknowledged: How many changes of a session were answered with 200.
        lost: How many of those were gone afterwards, although the server that was told of them keeps what it
            acknowledges.
        mixed: How many answers named another user, or held what nobody has written.
        resurrected: How many sessions could be read after their end was acknowledged.
        forgotten: How many acknowledged changes were gone because a server ended that keeps its data in memory only.
        longest: The seconds that the slowest answer took.
        statuses: How many answers had each status; ``none`` is a connection that ended without one.
        beside: The same of changes that were sent while another request of the same browser ended the session or gave
            it another id: an error says that such a change was not saved.
        processes: The processes that have answered.
        notes: What was wrong, in words.
    """

    requests: int = 0
    acknowledged: int = 0
    lost: int = 0
    mixed: int = 0
    resurrected: int = 0
    forgotten: int = 0
    longest: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    processes: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """What must be nothing."""
        return self.lost + self.mixed + self.resurrected

    def note(self, text: str) -> None:
        """Keep a description of what was wrong; the first few say enough."""
        if len(self.notes) < NOTES:
            self.notes.append(text)

    def as_json(self) -> dict[str, Any]:
        """Return what `of_json` reads."""
        return vars(self) | {"processes": sorted(self.processes)}


def of_json(data: dict[str, Any]) -> Tally:
    """Return the tally that was written by `Tally.as_json`."""
    counters = {name: Counter(data[name]) for name in ("statuses", "beside")}
    return Tally(**data | counters | {"processes": set(data["processes"])})


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies, and the longest of their waits."""
    result = Tally()
    for tally in tallies:
        result.requests += tally.requests
        result.acknowledged += tally.acknowledged
        result.lost += tally.lost
        result.mixed += tally.mixed
        result.resurrected += tally.resurrected
        result.forgotten += tally.forgotten
        result.longest = max(result.longest, tally.longest)
        result.statuses += tally.statuses
        result.beside += tally.beside
        result.processes |= tally.processes
        for text in tally.notes:
            result.note(text)
    return result
