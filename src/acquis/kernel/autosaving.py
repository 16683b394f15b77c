"""Text kept as it is typed, one version after the other; the page speaks as `autosave.js` says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse

LONGEST_NUMBER = 15  # figures of a version


@dataclass(frozen=True, slots=True)
class Kept:
    """What is now held for one part; `conflict` when another window was ahead."""

    seq: int
    text: str
    saved_at: datetime
    conflict: bool = False


def standing(seq: int, text: str, *, kept: int, held: str, saved_at: datetime) -> Kept | None:
    """What to answer without writing, to version `seq` of a text of which `kept` is held.

    The same text under the number it already has is acknowledged again; any number but the next
    one is a conflict. None: the text is to be written.
    """
    if seq == kept and text == held:
        return Kept(kept, held, saved_at)
    if seq != kept + 1:
        return Kept(kept, held, saved_at, conflict=True)
    return None


def typed(request: HttpRequest, parts: Collection[str]) -> tuple[str, str, int] | None:
    """Name, text and version of the part that a page sends; None without a version's number.

    The name is empty when the page sends none of `parts`.
    """
    asked = request.POST.get("seq", "")
    if not asked.isdecimal() or len(asked) > LONGEST_NUMBER:
        return None
    name = next((name for name in request.POST if name in parts), "")
    return name, request.POST.get(name, ""), int(asked)


def answer(kept: Kept) -> JsonResponse:
    told: dict[str, Any] = {"seq": kept.seq, "saved_at": kept.saved_at}
    if kept.conflict:
        return JsonResponse(told | {"text": kept.text}, status=409)
    return JsonResponse(told | {"late": False})
