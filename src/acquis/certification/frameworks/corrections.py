"""Pure edits of a framework being corrected, addressed by JSON pointers: /blocks/0/criteria/3."""

import copy
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.frameworks.content import Content, competencies, criteria

OPERATIONS = ("set", "replace", "add", "insert", "remove", "move_up", "move_down", "move_to")
SHAPES = {
    "identity": "",
    "rules": "/rules",
    "block": "/blocks/#",
    "activity": "/blocks/#/activities/#",
    "competency": "/blocks/#/competencies/#",
    "criterion": "/blocks/#/criteria/#",
    "transversal": "/transversal_competencies/#",
    "assessment": "/assessments/#",
    "phase": "/assessments/#/phases/#",
    "step": "/assessments/#/phases/#/steps/#",
    "warning": "/warnings/#",
}
NOT_READ = gettext_lazy("cet élément n’a pas été lu dans le document : vous l’avez ajouté")
NOT_REMOVED = gettext_lazy("cet élément n’est plus à remettre")
LEADING = {"competency": "statement", "criterion": "text", "warning": "message"}


class CorrectionError(ValueError):
    """The pointer leads nowhere or the operation does not fit; the text is shown to people."""


@dataclass(frozen=True)
class Fault:
    """What prevents publishing, and the item to correct."""

    text: str
    pointer: str

    def __str__(self) -> str:
        return self.text


def kind_of(pointer: str) -> str:
    """What the pointer names: /blocks/0/criteria/3 → criterion.

    Raises CorrectionError for what people do not correct.
    """
    shape = re.sub(r"/\d+(?=/|$)", "/#", pointer)
    for kind, known in SHAPES.items():
        if shape == known:
            return kind
    raise CorrectionError(_("l’élément n’existe pas"))


def leading_text(item: Any, kind: str) -> str:
    """The words by which people know the item."""
    if kind == "assessment":
        return str(item["scope"].get("block") or "")
    return str(item.get(LEADING.get(kind, "title")) or "") if isinstance(item, dict) else ""


def at(content: Content, pointer: str) -> Any:
    """Return the value under the pointer; raises CorrectionError where it leads nowhere."""
    value: Any = content
    for step in _steps(pointer):
        try:
            value = value[_rank(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise CorrectionError(_("l’élément n’existe plus")) from error
    return value


def parent_of(pointer: str) -> str:
    """The pointer of the list that holds the item."""
    return pointer.rpartition("/")[0]


def correct(content: Content, operation: str, pointer: str, value: Any = None) -> Content:
    """Return a corrected copy.

    `set` merges a mapping into the item, `replace` puts it in its place, and both carry a changed
    code to all who refer to it; `add` appends to a list; `insert` puts {item, index} into a list;
    `move_to` takes the pointer of the list that receives the item.
    """
    if operation not in OPERATIONS:
        raise CorrectionError(_("l’opération est inconnue"))
    changed = copy.deepcopy(content)
    target = at(changed, pointer)
    if operation in {"set", "replace"}:
        _set(changed, pointer, target, value, whole=operation == "replace")
    elif operation in {"add", "insert"}:
        if not isinstance(target, list):
            raise CorrectionError(_("on n’ajoute qu’à une liste"))
        if operation == "add":
            target.append(value)
        else:
            target.insert(value["index"], copy.deepcopy(value["item"]))
    else:
        _rearrange(changed, operation, pointer, value)
    return changed


def _set(changed: Content, pointer: str, target: Any, value: Any, *, whole: bool) -> None:
    if not isinstance(target, dict) or not isinstance(value, dict):
        raise CorrectionError(_("l’élément n’existe plus"))
    before = target.get("code")
    if whole:
        target.clear()
    target.update(copy.deepcopy(value))
    after = target.get("code")
    if before and after and before != after:
        _carry_code(changed, kind_of(pointer), before, after)


def _carry_code(changed: Content, kind: str, before: str, after: str) -> None:
    """Whoever referred to an item by its code still refers to it."""
    if kind == "competency" and all(one["code"] != before for one in competencies(changed)):
        phases = [phase for one in changed["assessments"] for phase in one["phases"]]
        for holder in [*criteria(changed), *phases]:
            _replace(holder.get("competencies") or [], before, after)
        for one in changed["transversal_competencies"]:
            _replace(one.get("evaluated_through") or [], before, after)
    scopes = [one["scope"] for one in changed["assessments"]]
    holders, name = {
        "block": (scopes, "block"),
        "activity": ([*competencies(changed)], "activity"),
    }.get(kind, ([], ""))
    for holder in holders:
        if holder.get(name) == before:
            holder[name] = after


def _replace(codes: list[str], before: str, after: str) -> None:
    codes[:] = [after if code == before else code for code in codes]


def _rearrange(changed: Content, operation: str, pointer: str, value: Any) -> None:
    steps = _steps(pointer)
    holder = at(changed, parent_of(pointer)) if steps else None
    if not isinstance(holder, list):
        raise CorrectionError(_("seul un élément de liste se déplace ou s’enlève"))
    index = _rank(steps[-1])
    if operation == "remove":
        del holder[index]
    elif operation == "move_to":
        if not isinstance(value, str) or kind_of(f"{value}/0") != kind_of(pointer):
            raise CorrectionError(_("l’élément ne va pas à cet endroit"))
        at(changed, value).append(holder.pop(index))
    else:
        other = index - 1 if operation == "move_up" else index + 1
        if not 0 <= other < len(holder):
            raise CorrectionError(_("l’élément est déjà au bout de la liste"))
        holder[index], holder[other] = holder[other], holder[index]


def _rank(step: str) -> int:
    if not step.isdecimal():
        raise ValueError(step)
    return int(step)


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def faults(content: Content) -> list[Fault]:
    """What prevents publishing, as short French phrases."""
    found = []
    if not content.get("title"):
        found.append(Fault(_("l’intitulé manque"), ""))
    if not content["blocks"]:
        found.append(Fault(_("aucun bloc n’est décrit"), ""))
    elif not any(block["criteria"] for block in content["blocks"]):
        found.append(Fault(_("aucun critère d’évaluation n’est décrit"), "/blocks/0"))
    return [*found, *_untitled(content), *_doubled(content), *_dangling(content)]


def _untitled(content: Content) -> list[Fault]:
    return [
        Fault(_("le bloc %(code)s n’a pas d’intitulé") % {"code": block["code"]}, f"/blocks/{i}")
        for i, block in enumerate(content["blocks"])
        if not block["title"].strip()
    ]


def _doubled(content: Content) -> list[Fault]:
    labels = {
        "block": _("le code de bloc %(code)s est donné deux fois"),
        "competency": _("le code de compétence %(code)s est donné deux fois"),
        "criterion": _("le code de critère %(code)s est donné deux fois"),
        "transversal": _("le code de compétence transversale %(code)s est donné deux fois"),
    }
    found = []
    for kind, label in labels.items():
        seen: set[str] = set()
        for pointer, item in items_of_kind(content, kind):
            if item["code"] in seen:
                found.append(Fault(label % {"code": item["code"]}, pointer))
            seen.add(item["code"])
    return found


def _dangling(content: Content) -> list[Fault]:
    known = {one["code"] for one in competencies(content)}
    blocks = {block["code"] for block in content["blocks"]}
    found = []
    for kind, label in (
        ("criterion", _("le critère %(name)s renvoie à %(codes)s, qui n’existe pas")),
        ("phase", _("l’épreuve « %(name)s » renvoie à %(codes)s, qui n’existe pas")),
    ):
        for pointer, item in items_of_kind(content, kind):
            unknown = sorted(set(item.get("competencies") or []) - known)
            if unknown:
                name = item.get("code") or leading_text(item, kind)
                found.append(Fault(label % {"name": name, "codes": ", ".join(unknown)}, pointer))
    for pointer, item in items_of_kind(content, "assessment"):
        block = item["scope"].get("block")
        if item["scope"]["type"] == "block" and block not in blocks:
            text = _("des épreuves portent sur le bloc %(code)s, qui n’existe pas")
            found.append(Fault(text % {"code": block or "–"}, pointer))
    return found


def items_of_kind(content: Content, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Every item of that kind with its pointer, in document order."""
    found: list[tuple[str, Any]] = [("", content)]
    steps = SHAPES[kind].split("/")[1:]
    for step in steps:
        if step == "#":
            found = [
                (f"{pointer}/{i}", item) for pointer, items in found for i, item in enumerate(items)
            ]
        else:
            found = [(f"{pointer}/{step}", item[step]) for pointer, item in found]
    return found


def find(content: Content, kind: str, pointer: str, label: str) -> str | None:
    """Where the item that people knew as `label` at `pointer` stands now; None when it is gone."""
    here = items_of_kind(content, kind)
    known = [place for place, item in here if name_of(item, kind) == label]
    if pointer in known:
        return pointer
    return known[0] if known else None


def name_of(item: dict[str, Any], kind: str) -> str:
    """What tells an item from its neighbours: its code, else its words."""
    return str(item.get("code") or leading_text(item, kind)) if kind != "identity" else ""
