"""The register of the proofs that a replacement in docs/history/replacements.toml does the job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Proof = Callable[[], None]
#: The replaced name -> what replaces it, and the function that proves it.
PROOFS: dict[str, tuple[str, Proof]] = {}

#: A file that proofs read or send.
SETTINGS = Path(__file__).with_name("settings.json")


def proves(use: str, *names: str) -> Callable[[Proof], Proof]:
    """Register the decorated function as the proof that ``use`` replaces ``names``."""

    def register(proof: Proof) -> Proof:
        for name in names:
            assert name not in PROOFS, f"{name} has two proofs"
            PROOFS[name] = (use, proof)
        return proof

    return register
