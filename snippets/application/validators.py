"""The validators of the fields, with their messages."""

import re
import unicodedata
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from .languages import marked
from .mobile import is_valid

# invisible letters: the fillers of Hangul, the empty pattern of Braille
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"


def mobile_number(form: Any, field: Field) -> None:
    if not is_valid(field.data):
        raise ValidationError(marked("This is not a mobile number."))


def printable(form: Any, field: Field) -> None:
    # PostgreSQL cannot store NUL, and nobody can read the others
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", field.data or ""):
        raise ValidationError(marked("There is a character in it that cannot be stored."))


def visible(form: Any, field: Field) -> None:
    # blanks, marks without a letter and characters of no width: a link that nobody sees
    unseen = {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me", "Mc"}
    if all(unicodedata.category(c) in unseen or c in BLANK_LETTERS for c in field.data):
        raise ValidationError(marked("It contains nothing visible."))


def unix_lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")  # None, if the field was not sent
