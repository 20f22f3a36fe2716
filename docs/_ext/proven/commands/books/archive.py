"""Writes the newest site as a zip that works from a disk, without what a disk has no use for.

Run needs a server, and the pictures of the pages are for who links to the published site.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from proven.commands.publish import files
from proven.run import bundle
from proven.site import cards, versions

#: The folder that it unpacks to.
FOLDER = "proven-flask"
EPOCH = (1980, 1, 1, 0, 0, 0)


def write(site: Path, file: Path) -> None:
    """Write the zip of a built site."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files(site)):
            path = Path(name)
            own = {bundle.FOLDER, cards.FOLDER} & {*path.parts}
            if own or versions.SERIES.fullmatch(path.parts[0]):
                continue
            info = zipfile.ZipInfo(f"{FOLDER}/{path.as_posix()}", EPOCH)
            # Readable by everybody who unpacks it.
            info.external_attr = 0o644 << 16
            # The sites for older releases are not in it.
            archive.writestr(info, versions.content(site / name), zipfile.ZIP_DEFLATED)
