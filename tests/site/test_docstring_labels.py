"""The labels of a docstring's fields are Sphinx's to translate, not the catalog's."""

import polib
from bs4 import BeautifulSoup

from tests.site.tiny_site import TinySite

PAGE = "docs/guide/visitors.md"
CATALOG = "locale/zh_CN/LC_MESSAGES/guide/visitors.po"
FUNCTION = """
```{eval-rst}
.. py:function:: greet(name)

   :param name: Who comes.
   :raises ValueError: Nobody comes.
```
"""


def test_labels_are_in_the_readers_language_without_an_entry_in_the_catalog(
    tiny_site: TinySite,
) -> None:
    tiny_site.write(PAGE, tiny_site.read(PAGE) + FUNCTION)
    catalog = polib.pofile(str(tiny_site.root / CATALOG), wrapwidth=0)
    catalog.append(polib.POEntry(msgid="Who comes.", msgstr="谁来了。"))
    catalog.append(polib.POEntry(msgid="Nobody comes.", msgstr="没有人来。"))
    catalog.save()
    built = tiny_site.build("zh_CN")
    # There is no inventory here that knows Python's own names.
    assert [line for line in built.complaints if "ref.exc" not in line] == []
    html = (built.html / "guide" / "visitors.html").read_text(encoding="utf-8")
    fields = BeautifulSoup(html, "lxml").select_one("dl.field-list")
    assert [label.get_text(strip=True) for label in fields.select("dt")] == ["参数:", "抛出:"]
    assert "谁来了。" in fields.get_text()
    assert "没有人来。" in fields.get_text()
