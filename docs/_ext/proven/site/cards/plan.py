"""Which pictures a build has: what each says, where it lies, and whether it stands there."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from proven.base.complaints import complain
from proven.base.memory import digest
from proven.site.assistants import groups
from proven.site.cards import FOLDER
from proven.site.cards.picture import HEIGHT, WIDTH, Card, CardError, draw, faces
from proven.translation.languages import by_code


class Cards:
    """The pictures of a build.

    Attributes:
        cards: What each says, by page.
        files: Where each lies below the folder of the language, by page. The name changes with what it says.

    Raises:
        NoFontError: if this machine has no font to draw them with.
    """

    def __init__(self, app: Sphinx) -> None:
        language = by_code(app.config.language)
        self.root, self.base = app.config.root_doc, f"{app.config.html_baseurl}{language.folder}/"
        self.fonts = faces(language.search)
        above = {page: caption for caption, pages in groups(app) for page in pages if caption}
        self.cards = {
            page: Card(
                app.config.html_title,
                above.get(page, ""),
                title.astext(),
                app.env.metadata[page]["description"],
            )
            for page, title in app.env.titles.items()
        }
        drawn_with = [(Path(each.file).name, each.number) for each in self.fonts]
        self.files = {
            page: f"{FOLDER}/{page}-{digest([card, drawn_with])[:10]}.png"
            for page, card in self.cards.items()
        }

    def tags(self, page: str) -> dict[str, object]:
        """Return what the head says of the picture of a page: its address, its size, its text."""
        page = page if page in self.cards else self.root
        site, group, title, _ = self.cards[page]
        return {
            "href": f"{self.base}{self.files[page]}",
            "width": WIDTH,
            "height": HEIGHT,
            "text": " · ".join(dict.fromkeys(filter(None, (site, group, title)))),
        }

    def draw(self, folder: Path) -> None:
        """Draw those that do not stand there, and complain of a page whose picture cannot be drawn."""
        for page, file in list(self.files.items()):
            place = folder / file
            if place.is_file():
                continue
            try:
                picture = draw(self.cards[page], self.fonts)
            except CardError as error:
                complain(str(error), (page, 1), "cards")
                # The build has a fault already; that the file is missing would be another.
                del self.files[page]
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(picture)
