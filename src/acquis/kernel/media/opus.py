"""Opus packets and the Ogg files that hold them, without decoding anything. Pure.

Sources: RFC 6716 (table of contents byte), RFC 3533 (Ogg pages), RFC 7845 (Opus in Ogg).
"""

import struct
from collections.abc import Iterable, Iterator

RATE = 48_000  # samples a second: the clock of Opus, whatever was recorded
FRAME = 960  # samples of 20 ms
SILENCE = b"\xf8\xff\xfe"  # one frame of 20 ms in which nothing is heard
PACKETS_A_PAGE = 50  # one second: what a crash may cost
SEGMENTS_A_PAGE = 255
SEGMENT = 255  # bytes
_FIRST, _LAST = 2, 4  # flags of a page


def samples_of(packet: bytes) -> int:
    """How long a packet lasts, in samples at 48 kHz; 0 for one that says nothing."""
    if not packet:
        return 0
    config, count = packet[0] >> 3, packet[0] & 3
    if config < 12:
        each = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        each = (480, 960)[config & 1]
    else:
        each = (120, 240, 480, 960)[config & 3]
    if count == 3:
        return each * (packet[1] & 63) if len(packet) > 1 else 0
    return each * (1 if count == 0 else 2)


class OggWriter:
    """An Ogg/Opus file made page by page; what `add` and `close` return is to be appended to it."""

    def __init__(self, serial: int = 1) -> None:
        self.samples = 0
        self._serial = serial
        self._sequence = 0
        self._packets: list[bytes] = []
        self._segments = 0

    def start(self) -> bytes:
        """The two header pages."""
        head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, RATE, 0, 0)
        tags = b"OpusTags" + struct.pack("<I", 6) + b"Acquis" + struct.pack("<I", 0)
        return self._page([head], _FIRST) + self._page([tags], 0)

    def add(self, packet: bytes) -> bytes:
        """Take one packet; gives the page that it fills, else nothing."""
        segments = len(packet) // SEGMENT + 1
        done = self._flush() if self._segments + segments > SEGMENTS_A_PAGE else b""
        self._packets.append(packet)
        self._segments += segments
        self.samples += samples_of(packet)
        if len(self._packets) >= PACKETS_A_PAGE:
            done += self._flush()
        return done

    def silence(self, until: int) -> bytes:
        """Nothing heard up to this number of samples."""
        return b"".join(self.add(SILENCE) for _ in range((until - self.samples) // FRAME))

    def close(self) -> bytes:
        return self._flush(_LAST)

    def _flush(self, flags: int = 0) -> bytes:
        if not self._packets and not flags:
            return b""
        page = self._page(self._packets, flags)
        self._packets, self._segments = [], 0
        return page

    def _page(self, packets: Iterable[bytes], flags: int) -> bytes:
        packets = list(packets)
        lacing = bytearray()
        for packet in packets:
            lacing += bytes([SEGMENT] * (len(packet) // SEGMENT)) + bytes([len(packet) % SEGMENT])
        fields = (b"OggS", 0, flags, self.samples, self._serial, self._sequence, 0, len(lacing))
        page = bytearray(struct.pack("<4sBBqIIIB", *fields) + lacing + b"".join(packets))
        page[22:26] = struct.pack("<I", _checksum(page))
        self._sequence += 1
        return bytes(page)


def packets_in(content: bytes) -> Iterator[bytes]:
    """The Opus packets of an Ogg file of one stream, headers left out; a cut end is left out too."""
    place, number, begun = 0, 0, b""
    while content[place : place + 4] == b"OggS" and len(content) > place + 26:
        count = content[place + 26]
        lacing = content[place + 27 : place + 27 + count]
        place += 27 + count
        for size in lacing:
            if len(content) < place + size:
                return
            begun += content[place : place + size]
            place += size
            if size < SEGMENT:
                if number > 1:  # the first two are headers
                    yield begun
                number, begun = number + 1, b""


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = ((value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


_CRC = _table()


def _checksum(page: bytes | bytearray) -> int:
    """The CRC of Ogg: its own polynomial, nothing inverted."""
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value
