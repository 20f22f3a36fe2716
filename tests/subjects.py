"""The subjects of the guide that have several pages."""

from __future__ import annotations

from pathlib import Path

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guide"
#: By its first page, the further ones: they need not say again how it works inside and what old posts get wrong.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "tour": ("playground",),
    "routing": ("url-matching", "building-urls", "subdomains"),
    "templates": (
        "template-inheritance",
        "template-filters",
        "template-escaping",
        "template-errors",
    ),
    "sessions": ("session-cookie", "server-side-sessions", "session-interface"),
    "configuration": ("environment-variables", "secrets", "old-configuration-keys"),
    "contexts": ("contexts-in-threads", "proxies"),
    "application": (
        "application-accounts",
        "application-passwords",
        "application-notes",
        "application-languages",
    ),
    "signals": ("request-life",),
    "converters": ("regex-converters", "converter-examples"),
    "hooks": ("stopping-requests", "teardown"),
    "middleware": ("middleware-to-copy", "proxy-fix"),
    "blueprints": ("blueprint-files", "application-factory"),
    "responses": ("sending-files",),
    "api": ("openapi",),
    "login": ("password-hashes",),
    "deployment": ("servers",),
    "forms": ("form-fields", "form-patterns", "validators", "form-classes"),
    "database": (
        "database-models",
        "database-queries",
        "database-patterns",
        "database-concurrency",
        "database-workers",
        "pagination",
        "constraints",
        "sqlite",
    ),
    "command-line": ("debugging",),
}
FURTHER = {page for pages in SUBJECTS.values() for page in pages}


def text_of(first: str) -> str:
    """Return the text of all pages of a subject."""
    pages = (first, *SUBJECTS.get(first, ()))
    return "\n".join(GUIDE.joinpath(f"{page}.md").read_text(encoding="utf-8") for page in pages)
