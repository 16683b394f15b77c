"""Pure edits of a framework being corrected, addressed by JSON pointers such as /blocks/0/criteria/3."""

import copy
from typing import Any

from django.utils.translation import gettext as _

from acquis.certification.frameworks.content import Content

OPERATIONS = ("set", "add", "remove", "move_up", "move_down")


class CorrectionError(ValueError):
    """The pointer leads nowhere or the operation does not fit; the text is shown to people."""


def at(content: Content, pointer: str) -> Any:
    """Return the value under the pointer; raises CorrectionError where it leads nowhere."""
    value: Any = content
    for step in _steps(pointer):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise CorrectionError(_("l'élément n'existe plus")) from error
    return value


def correct(content: Content, operation: str, pointer: str, value: Any = None) -> Content:
    """Return a corrected copy; `set` merges a mapping into the item, `add` appends to a list."""
    if operation not in OPERATIONS:
        raise CorrectionError(_("l'opération est inconnue"))
    changed = copy.deepcopy(content)
    target = at(changed, pointer)
    if operation == "set":
        _set(changed, pointer, target, value)
    elif operation == "add":
        if not isinstance(target, list):
            raise CorrectionError(_("on n'ajoute qu'à une liste"))
        target.append(value)
    else:
        _rearrange(changed, operation, pointer)
    return changed


def _set(changed: Content, pointer: str, target: Any, value: Any) -> None:
    if isinstance(target, dict) and isinstance(value, dict):
        target.update(value)
        return
    steps = _steps(pointer)
    if not steps:
        raise CorrectionError(_("l'élément n'existe plus"))
    parent = at(changed, "/" + "/".join(steps[:-1]) if steps[:-1] else "")
    last = steps[-1]
    parent[int(last) if isinstance(parent, list) else last] = value


def _rearrange(changed: Content, operation: str, pointer: str) -> None:
    steps = _steps(pointer)
    parent = at(changed, "/" + "/".join(steps[:-1]) if steps[:-1] else "")
    if not isinstance(parent, list):
        raise CorrectionError(_("seul un élément de liste se déplace ou s'enlève"))
    index = int(steps[-1])
    if operation == "remove":
        del parent[index]
        return
    other = index - 1 if operation == "move_up" else index + 1
    if not 0 <= other < len(parent):
        raise CorrectionError(_("l'élément est déjà au bout de la liste"))
    parent[index], parent[other] = parent[other], parent[index]


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def faults(content: Content) -> list[str]:
    """What prevents publishing, as short phrases."""
    found = []
    if not content.get("title"):
        found.append(_("l'intitulé manque"))
    if not content.get("code"):
        found.append(_("le code manque"))
    if not content["blocks"]:
        found.append(_("aucun bloc n'est décrit"))
    if not any(block["criteria"] for block in content["blocks"]):
        found.append(_("aucun critère d'évaluation n'est décrit"))
    found += _doubled(
        _("le code de critère"),
        [one["code"] for block in content["blocks"] for one in block["criteria"]],
    )
    found += _doubled(
        _("le code de compétence"),
        [one["code"] for block in content["blocks"] for one in block["competencies"]],
    )
    found += _doubled(_("le code de bloc"), [block["code"] for block in content["blocks"]])
    known = {one["code"] for block in content["blocks"] for one in block["competencies"]}
    for block in content["blocks"]:
        for criterion in block["criteria"]:
            unknown = sorted(set(criterion["competencies"]) - known)
            if unknown:
                found.append(
                    _("le critère %(code)s renvoie à %(unknown)s, qui n'existe pas")
                    % {"code": criterion["code"], "unknown": ", ".join(unknown)}
                )
    return found


def _doubled(label: str, codes: list[str]) -> list[str]:
    return [
        _("%(label)s %(code)s est donné deux fois") % {"label": label, "code": code}
        for code in sorted(set(codes))
        if codes.count(code) > 1
    ]
