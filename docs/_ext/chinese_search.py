"""Full-text search that understands Chinese, inside Sphinx's own search page.

Sphinx segments the pages with jieba but not the reader's query, so that 请求上下文 finds nothing. Here both sides cut a
run of Han characters into overlapping pairs (bigrams): 请求上下文 becomes 请求, 求上, 上下, 下文. A page with the word
has all of its pairs, so nothing is missed. Words in Latin letters are stemmed as on the English site.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish
from sphinx.util.typing import ExtensionMetadata

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[{HAN}]+|[^\W{HAN}]+")

# The browser's half of `split`: same runs, same pairs.
SPLITTER = r"""
var splitQuery = (query) => {
  const han = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff";
  const run = new RegExp(`[${han}]+|(?:(?![${han}])[\\p{Letter}\\p{Number}_])+`, "gu");
  const isHan = new RegExp(`^[${han}]`, "u");
  return (query.match(run) || []).flatMap((text) =>
    isHan.test(text) && text.length > 1
      ? Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2))
      : [text]
  );
};
"""


BEGINS_WITH_HAN = re.compile(f"[{HAN}]").match


class ChineseSearch(SearchEnglish):
    """Bigrams for Han characters; the rest, and its stemmer, as in English."""

    lang = "zh"
    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:  # noqa: A002  Sphinx names it so
        """Return the words of a page: pairs of Han characters, and single ones for a query of one."""
        words: list[str] = []
        for run in TOKEN.findall(input):
            if BEGINS_WITH_HAN(run):
                words += [run[i : i + 2] for i in range(len(run) - 1)]
                words += run
            else:
                words.append(run)
        return words

    def word_filter(self, word: str) -> bool:
        """Keep every Han word; Sphinx would drop the short ones."""
        return BEGINS_WITH_HAN(word) is not None or super().word_filter(word)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Put the language in the place of Sphinx's ``zh``."""
    app.add_search_language(ChineseSearch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
