"""What a letter sent by mail is known by when it is opened or comes back: signed, none can be guessed."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing

_SEAL = 16  # signs of the signature in a return address: 96 bits
_LONGEST = 18  # digits of a key


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLinks:
    """One kind of letter, each known by its key.

    `name` opens the Message-ID; `salt` tells its signatures from those of other kinds; `mark` stands
    before the key in a return address, so that a kind never takes another's.
    """

    name: str
    salt: str
    mark: str = ""

    def token_of(self, key: int) -> str:
        """What stands in the personal link."""
        return self._link().sign(str(key))

    def key_of(self, token: str) -> int | None:
        """The letter that a link names; None for what we did not sign."""
        try:
            return int(self._link().unsign(token))
        except (signing.BadSignature, ValueError):
            return None

    def return_address(self, key: int) -> str:
        """Where servers send what they could not deliver: it names the letter (VERP).

        The sender's own address when the installation has no mailbox for returns.
        """
        local, _at, domain = settings.EMAIL_RETURN_ADDRESS.partition("@")
        if not domain:
            return settings.DEFAULT_FROM_EMAIL
        return f"{local}+{self.mark}{key}-{self._seal(key)}@{domain}"

    def returned(self, address: str) -> int | None:
        """The letter that a return address names; None for any other address."""
        # Servers may change the case of an address.
        _local, _plus, tag = address.partition("@")[0].lower().partition("+")
        number, _dash, seal = tag.removeprefix(self.mark).partition("-")
        known = tag.startswith(self.mark) and number.isdecimal() and len(number) <= _LONGEST
        return int(number) if known and seal == self._seal(int(number)) else None

    def message_id(self, key: int) -> str:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "acquis.invalid"
        return f"<{self.name}-{key}-{self._seal(key)}@{domain}>"

    def _link(self) -> signing.Signer:
        return signing.Signer(salt=f"{self.salt}.link")

    def _seal(self, key: int) -> str:
        signature = signing.Signer(salt=f"{self.salt}.return").signature(str(key)).lower()
        return "".join(sign for sign in signature if sign.isalnum())[:_SEAL]
