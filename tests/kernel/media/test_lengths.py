"""How long a sound is."""

from pathlib import Path

import pytest

from acquis.kernel.media.lengths import sound_seconds
from acquis.practice import demo


def test_a_sound_is_measured_to_its_end_and_a_part_of_it_is_shorter() -> None:
    content = (Path(demo.__file__).parent / "call.ogg").read_bytes()
    whole = sound_seconds(content)
    assert whole is not None
    assert whole > 10
    part = sound_seconds(content[: len(content) // 2])
    assert part is not None
    assert 0 < part < whole


@pytest.mark.parametrize("content", [b"", b"ceci n'est pas un son"])
def test_what_is_no_sound_has_no_length(content: bytes) -> None:
    assert sound_seconds(content) is None
