"""Canned answers and remarks as the writing tools read them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.knowledge import snippets, tone
from acquis.desk.knowledge.board import Shown
from acquis.desk.knowledge.models import ReadingItem, Snippet
from acquis.desk.knowledge.readings import Question, Stage, Standing
from acquis.desk.shell import day_in_paris
from acquis.kernel import writing

BASIC_PLANE = 0xFFFF


def values_for(
    workspace: Workspace, user: User, customer: Customer | None, *, subject: str, today: date
) -> dict[str, str]:
    """What each variable stands for in this exchange; what is unknown is left out."""
    values = {
        "conseiller": user.full_name,
        "entreprise": str(workspace.identity.get("name") or workspace.name),
        "date": _day(today),
        "objet": subject,
    }
    phone = str(workspace.identity.get("phone", ""))
    if phone:
        values["téléphone"] = spoken_phone(phone)
    if customer is not None:
        values |= {
            "client": customer.display_name,
            "prénom": customer.first_name,
            "référence": customer.reference,
        }
    return values


def _day(day: date) -> str:
    """An answer is in French whatever the reader's language."""
    with override("fr"):
        return date_format(day, "j F Y")


def choices(
    found: Iterable[Snippet], values: Mapping[str, str], *, channel: str
) -> list[dict[str, Any]]:
    """The answers that suit a channel, filled for this exchange."""
    rows = []
    for snippet in found:
        if channel and snippet.channels and channel not in snippet.channels:
            continue
        ready = snippets.filled(snippet.body, values)
        rows.append(
            {
                "id": snippet.pk,
                "title": snippet.title,
                "shortcut": snippet.shortcut,
                "category": snippet.category,
                "own": snippet.owner_id is not None,
                "text": ready.text,
                "missing": list(ready.missing),
            }
        )
    return rows


def remarks(text: str, *, channel: str, known: Iterable[str]) -> list[dict[str, Any]]:
    """Spelling, grammar and tone in the order of the text; offsets count as scripts do (UTF-16)."""
    found: list[dict[str, Any]] = [
        {
            "kind": remark.kind,
            "start": remark.start,
            "end": remark.end,
            "message": remark.message,
            "suggestions": list(remark.suggestions[:5]),
        }
        for remark in writing.check(text, known=known)
    ]
    found += [
        {
            "kind": advice.kind,
            "start": advice.start,
            "end": advice.end,
            "message": str(advice.message),
            "suggestions": [],
        }
        for advice in tone.advise(text, channel)
    ]
    found.sort(key=lambda remark: (remark["start"], remark["end"]))
    places = _utf16(text)
    for remark in found:
        remark["text"] = text[remark["start"] : remark["end"]]
        remark["start"], remark["end"] = places[remark["start"]], places[remark["end"]]
    return found


def _utf16(text: str) -> list[int]:
    """For each offset of a text, end included, the same counted in UTF-16 units."""
    places = [0]
    for sign in text:
        places.append(places[-1] + (2 if ord(sign) > BASIC_PLANE else 1))
    return places


def questions_of(item: ReadingItem) -> list[Question]:
    return [
        Question(one["text"], tuple(one["choices"]), int(one["right"])) for one in item.questions
    ]


STAGES = {Stage.UNREAD: _("à lire"), Stage.AGAIN: _("à relire"), Stage.DONE: _("lu")}
STANDINGS = {
    Standing.EMPTY: _("rien à lire"),
    Standing.DONE: _("terminée"),
    Standing.LATE: _("en retard"),
    Standing.UNDER_WAY: _("en cours"),
}


def follow_up(shown: Shown) -> tuple[list[str], list[list[Any]]]:
    """Who has read what, as a spreadsheet shows it: a line a person, a column an article."""
    heads = [gettext("Personne"), gettext("État"), gettext("À lire avant le")]
    heads += [item.article.title for item in shown.items]
    rows = [
        [
            one.reader.full_name,
            str(STANDINGS[one.standing]),
            one.due.isoformat() if one.due else "",
            *(
                f"{STAGES[step.stage]}"
                + (
                    f" ({step.version}, {day_in_paris(step.confirmed_at)})"
                    if step.confirmed_at
                    else ""
                )
                for step in one.steps
            ),
        ]
        for one in shown.progress
    ]
    return heads, rows
