"""Says of a node that it shows what ran: an exchange, a doctest, a snippet, a table that the build made.

It has no markup. A room whose nodes are such evidence marks them; a room that weighs sentences asks.
"""

from __future__ import annotations

from typing import TypeVar

from docutils import nodes

MARK = "evidence"
Made = TypeVar("Made", bound=nodes.Element)


def evidence(node: Made) -> Made:
    """Mark a node as something that ran or was read off a library, and return it."""
    node[MARK] = True
    return node


def is_evidence(node: nodes.Node) -> bool:
    """Say whether a node shows something that ran; a doctest always does, for the tests run each."""
    if isinstance(node, nodes.doctest_block):
        return True
    if not isinstance(node, nodes.Element):
        return False
    return bool(node.get(MARK)) or node.get("testnodetype") == "doctest"
