"""The languages of the site: the one list that everything else asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Language(NamedTuple):
    """One language of the site.

    Attributes:
        code: What Sphinx and gettext call it, as in ``-D language=zh_CN``.
        folder: Its folder in the built site, and so in every address.
        tag: Its BCP 47 tag, for ``lang`` and ``hreflang``.
        name: Its name in itself, for the reader who looks for it.
    """

    code: str
    folder: str
    tag: str
    name: str


SOURCE = Language("en", "en", "en", "English")
LANGUAGES = (SOURCE, Language("zh_CN", "zh-cn", "zh-CN", "简体中文"))


def by_code(code: str) -> Language:
    """Return the language that Sphinx calls ``code``.

    Raises:
        ValueError: if the site is not written in that language.
    """
    for language in LANGUAGES:
        if language.code == code:
            return language
    known = ", ".join(language.code for language in LANGUAGES)
    raise ValueError(f"the site has no language {code!r}: build one of {known}")


def base_url(environ: Mapping[str, str]) -> str:
    """Return the address under which the language folders are published, or ``""``.

    ``PROVEN_BASE_URL`` names it; Read the Docs names its own. Without one, links between the
    languages stay relative, which is right for a downloaded copy.
    """
    url = environ.get("PROVEN_BASE_URL") or environ.get("READTHEDOCS_CANONICAL_URL") or ""
    return f"{url.rstrip('/')}/" if url else ""
