"""The only error shown to people: what happened, what was kept, what to do."""

from typing import ClassVar

from django.utils.functional import Promise


class DomainRefusal(Exception):  # noqa: N818  a refusal is not a fault
    """A rule of the domain says no; nothing was written.

    Subclasses give a stable `code`, a French `message` with `%(name)s` places filled from the
    keyword arguments, and, where something was kept all the same, `kept`.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = ""
    kept: ClassVar[str | Promise] = ""
    status: ClassVar[int] = 422

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)
