"""Choose where to go back to: a path of this site, never another site."""

import re

from flask import request, url_for

SAFE = {"GET", "HEAD", "OPTIONS"}


def here() -> str:
    """Return the path of this request, or of the first page if it cannot be asked for again."""
    if request.method not in SAFE:
        return url_for("registration.welcome")
    return request.script_root + request.full_path.rstrip("?")


def wanted(default: str) -> str:
    """Return the path that the parameter `next` names, or else the path of an endpoint."""
    path = request.args.get("next", "")
    # "//host" and "/\host" lead to another site, and browsers drop tabs and line breaks
    local = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", path)
    return path if local else url_for(default)
