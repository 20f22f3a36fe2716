"""One mobile number has many spellings, and one form that the database keeps."""

import re
import unicodedata

# E.164: a plus sign, a country, at most 15 digits; numbers in China are held to their own shape
VALID = re.compile(r"\+(?:861[3-9][0-9]{9}|(?!86)[1-9][0-9]{6,14})")


def normalize(text: str | None) -> str:
    """Return the number as ``+8613800138000``; what is no number comes back as it is, without blanks."""
    # full-width digits become plain ones
    number = re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", text or ""))
    number = re.sub(r"^00", "+", number)
    return f"+86{number}" if re.fullmatch("1[0-9]{10}", number) else number


def is_valid(number: str) -> bool:
    return VALID.fullmatch(number) is not None
