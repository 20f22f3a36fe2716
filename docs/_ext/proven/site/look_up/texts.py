"""What the look-up says of a name, in the language of the page; ``look-up/names.js`` puts in what stands in braces."""

from __future__ import annotations

from sphinx.locale import _


def texts() -> dict[str, str]:
    """Return the sentences by the names that the script has for them."""
    return {
        "removed": _("`{name}` was removed in {library} {removed}."),
        "removed_deprecated": _(
            "`{name}` was removed in {library} {removed}, deprecated since {deprecated}."
        ),
        "added": _(
            "`{name}` was added in {library} {added}. The installed release is older: update {library}."
        ),
        "use": _("In your own code, write `{use}`."),
        "moved": _("Instead of `{name}`, use `{use}`."),
        "elsewhere": _(
            "No release of {library} has `{instead}`. The name is in another place: `{name}`."
        ),
        "forgotten": _("The name was not imported. Write `from {module} import {last}`."),
        "always": _(
            "Every release of {library} that this site read has `{name}`. Look for a file of your own that is called "
            "`{root}.py`, and for modules that import each other."
        ),
        "hides": _(
            "Your own file `{root}.py` is imported instead of {library}. Rename it, and delete the folder "
            "`__pycache__` beside it."
        ),
        "hidden": _(
            "`{name}` begins with an underscore: it is private to {library}, and it may go in any release. Update "
            "the package that imports it; in your own code, use a public name."
        ),
        "hidden_caller": _(
            "`{name}` begins with an underscore: it is private to {library}, and it may go in any release. The "
            "package `{package}` imports it: update `{package}`."
        ),
        "unlisted": _(
            "No release of {library} that this site read has `{name}` among its public names. The package `{package}` "
            "imports it: update `{package}`."
        ),
        "required": _(
            "`{name}` has the parameter `{parameter}` since {library} {added}. The code that calls it was written for "
            "an older release: update the package that it is in, or pass the argument."
        ),
        "required_caller": _(
            "`{name}` has the parameter `{parameter}` since {library} {added}. The package `{package}` was written for "
            "an older release: update `{package}`, or install {library} below {added}."
        ),
        "caller": _(
            "The traceback ends in the package `{package}`: its installed release is too old for {library} {removed}. "
            "Update the package, or install {library} below {removed}."
        ),
        "packages": _(
            "If the traceback ends in a package and not in your own code, the package is too old. Packages that do "
            "not fit:"
        ),
        "pair": _(
            "{old} up to {last} does not fit {new} {first} and newer. Install {old} {mended} or newer."
        ),
        "pair_unmended": _(
            "{old} {last}, its last release, does not fit {new} {first} and newer. Use {instead} instead, or install "
            "{new} {before}."
        ),
    }
