import re

import pytest

from acquis.kernel import crypto
from acquis.kernel.crypto import Unsealable


def test_sealed_content_reads_back():
    sealed = crypto.seal("sujet n° 4".encode())
    assert b"sujet" not in sealed
    assert crypto.unseal(sealed).decode() == "sujet n° 4"


def test_same_content_is_never_sealed_twice_the_same():
    assert crypto.seal(b"x") != crypto.seal(b"x")


def test_changed_content_does_not_unseal():
    sealed = bytearray(crypto.seal(b"x"))
    sealed[20] ^= 1
    with pytest.raises(Unsealable):
        crypto.unseal(bytes(sealed))


def test_content_of_another_key_does_not_unseal(settings):
    sealed = crypto.seal(b"x")
    settings.SEALING_KEY = "another"
    with pytest.raises(Unsealable):
        crypto.unseal(sealed)


def test_access_code_has_four_consonants_and_two_figures_nobody_mistakes():
    codes = {crypto.access_code() for _ in range(200)}
    assert all(re.fullmatch(r"[BCDFGHJKMPQRTVWXY]{4}[2346789]{2}", code) for code in codes)
    assert len(codes) > 190
