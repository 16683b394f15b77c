"""Comparing wordings."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, straight apostrophes."""
    plain = unicodedata.normalize("NFD", text.replace("’", "'").casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
