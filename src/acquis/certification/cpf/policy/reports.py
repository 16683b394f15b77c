"""What the words of a processing report mean (certification.md d-1)."""

import unicodedata

_KNOWN = "existe deja en base"


def is_already_known(message: str) -> bool:
    """Whether a refusal says that the passage is already there: it then counts as accepted.

    >>> is_already_known("Le passage EXISTE DÉJÀ en  base")
    True
    """
    plain = unicodedata.normalize("NFKD", message).encode("ascii", "ignore").decode()
    return _KNOWN in " ".join(plain.casefold().split())
