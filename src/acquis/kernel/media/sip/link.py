"""What the media worker and the gateway say to each other: words in JSON, and sound as Opus packets."""

import asyncio
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct(">IB")
_WORDS, _SOUND = 0, 1
LONGEST = 64 * 1024  # bytes of one message
HOUSE = 255  # the place of tones, in a message of sound
WAITING = 256 * 1024  # bytes that may wait for the other side before sound is dropped


@dataclass(frozen=True, slots=True)
class Sound:
    """A packet of 20 ms: of a caller, or what stands at one place of a caller's ear."""

    leg: str
    place: int
    data: bytes


def words(body: Mapping[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    return _HEAD.pack(len(content), _WORDS) + content


def sound(one: Sound) -> bytes:
    name = one.leg.encode()
    content = bytes([one.place, len(name)]) + name + one.data
    return _HEAD.pack(len(content), _SOUND) + content


async def read(reader: asyncio.StreamReader) -> dict[str, Any] | Sound:
    """The next message. Raises IncompleteReadError at the end, ValueError for what is too long."""
    size, kind = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    if size > LONGEST:
        raise ValueError("too long")
    content = await reader.readexactly(size)
    if kind == _WORDS:
        told: dict[str, Any] = json.loads(content)
        return told
    end = 2 + content[1]
    return Sound(content[2:end].decode(), content[0], content[end:])


def send_sound(writer: asyncio.StreamWriter, one: Sound) -> None:
    """Late sound is worth nothing: it is dropped when the other side does not read."""
    if writer.transport.get_write_buffer_size() < WAITING:
        writer.write(sound(one))
