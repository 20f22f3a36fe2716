"""Which language: the one that the reader has chosen, or else the first that the browser likes."""

from flask import current_app, request

NAMES = {"en": "English", "zh": "简体中文"}
TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language() -> str:
    return preferred()[0]


def preferred() -> tuple[str, list[str]]:
    """Return the language of the page, and the subtags by which the browser asked for it."""
    catalogs = current_app.extensions["catalogs"]
    chosen = request.cookies.get("language") if request else None
    if chosen in catalogs:
        return str(chosen), []
    # the browser's own order; zh-CN, zh-Hans and zh-TW are read in zh
    for tag, quality in request.accept_languages if request else ():
        primary, *subtags = tag.replace("_", "-").lower().split("-")
        if quality and primary in catalogs:
            return primary, subtags
    return "en", []


def is_substitute() -> bool:
    """Return whether the browser asked for Traditional Chinese, for which there is no catalog."""
    subtags = preferred()[1]
    return "hans" not in subtags and not TRADITIONAL.isdisjoint(subtags)
