"""A stream sealed piece by piece, so that a file of personal data is nowhere whole or in clear.

Each piece carries its rank and whether it is the last: none can be moved, dropped or added.
"""

import hashlib
import io
import struct
from collections.abc import Iterator
from typing import IO, Protocol

from acquis.kernel import crypto

PIECE = 1 << 20  # bytes of clear content in a piece
_HEAD = struct.Struct(">IB")
_SIZE = struct.Struct(">I")


class Sealer(io.RawIOBase):
    """Writes what it is given, sealed, into `out`; then `sha256` and `size` are of the clear."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__()
        self.size = 0
        self._out = out
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._rank = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        data = bytes(content)  # type: ignore[call-overload]
        self._digest.update(data)
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def end(self) -> None:
        """Write the last piece; nothing may follow."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _put(self, piece: bytes, *, last: bool) -> None:
        token = crypto.seal(_HEAD.pack(self._rank, last) + piece)
        self._out.write(_SIZE.pack(len(token)) + token)
        self._rank += 1


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def pieces(sealed: Readable) -> Iterator[bytes]:
    """The clear content. Raises crypto.Unsealable where anything was changed."""
    rank, last = 0, False
    while not last:
        head = sealed.read(_SIZE.size)
        if len(head) < _SIZE.size:
            raise crypto.Unsealable
        clear = crypto.unseal(sealed.read(_SIZE.unpack(head)[0]))
        found, last = _HEAD.unpack_from(clear)
        if found != rank:
            raise crypto.Unsealable
        rank += 1
        yield clear[_HEAD.size :]
    if sealed.read(1):
        raise crypto.Unsealable


class Unsealed(io.RawIOBase):
    """The same content as a file that a parser reads."""

    def __init__(self, sealed: Readable) -> None:
        super().__init__()
        self._pieces = pieces(sealed)
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return self._left + b"".join(self._pieces)
        if not self._left:
            self._left = next(self._pieces, b"")
        given, self._left = self._left[:size], self._left[size:]
        return given
