"""Base58btc and the Multikey form of Ed25519 keys (W3C Controlled Identifiers 1.0, §2.2 and §2.4)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

# Bitcoin's order: no 0, O, I nor l.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PREFIX = "z"  # multibase's letter of base58btc
ED25519_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub, as a variable-length integer
ED25519_PRIVATE = b"\x80\x26"  # multicodec ed25519-priv
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(content: bytes) -> str:
    """Multibase base58btc; each leading zero byte is a « 1 »."""
    zeros = len(content) - len(content.lstrip(b"\0"))
    number, letters = int.from_bytes(content, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = ALPHABET[rest] + letters
    return PREFIX + ALPHABET[0] * zeros + letters


def decode(text: str, *, longest: int = 256) -> bytes:
    """The bytes. Raises ValueError for another base, another letter, or over `longest` letters."""
    if not text.startswith(PREFIX) or len(text) > longest:
        raise ValueError(text[:40])
    letters, number = text[1:], 0
    for letter in letters:
        if letter not in _VALUES:
            raise ValueError(text[:40])
        number = number * 58 + _VALUES[letter]
    zeros = len(letters) - len(letters.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_multikey(key: Ed25519PublicKey) -> str:
    """A public key as `z6Mk…`."""
    return encode(ED25519_PUBLIC + key.public_bytes_raw())


def read_public_multikey(text: str) -> Ed25519PublicKey:
    """Raises ValueError for what is no Ed25519 public key."""
    content = decode(text)
    if not content.startswith(ED25519_PUBLIC) or len(content) != len(ED25519_PUBLIC) + 32:
        raise ValueError(text[:60])
    return Ed25519PublicKey.from_public_bytes(content[len(ED25519_PUBLIC) :])


def read_private_multikey(text: str) -> Ed25519PrivateKey:
    """`z3u2…`. Raises ValueError for what is no Ed25519 private key."""
    content = decode(text)
    if not content.startswith(ED25519_PRIVATE) or len(content) != len(ED25519_PRIVATE) + 32:
        raise ValueError("no Ed25519 private key")
    return Ed25519PrivateKey.from_private_bytes(content[len(ED25519_PRIVATE) :])
