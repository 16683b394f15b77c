"""Gathers, for one sitting, what the units read: the exchanges, the written work, the trace."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from acquis.certification.papers import sealing
from acquis.certification.papers.models import Subject
from acquis.certification.sittings import rich_text
from acquis.certification.sittings.models import Sitting
from acquis.desk.cases.models import AuthorityRule
from acquis.desk.cases.rules import authority_rows
from acquis.desk.conversations import queries as conversations
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Product
from acquis.kernel import trace
from acquis.practice.enterprises.moments import reference_day
from acquis.practice.evidence import spoken
from acquis.practice.evidence.sources import Act, Answer, Said, Sources, Talk, Written
from acquis.practice.scenarios import library

Json = Mapping[str, Any]

LABELS = {
    "summary": "Résumé de la situation",
    "stakes_customer": "Enjeux pour le client",
    "stakes_company": "Enjeux pour l’entreprise",
    "work": "Travail demandé",
    "letter_sender": "Expéditeur de la lettre",
    "letter_recipient": "Destinataire de la lettre",
    "letter_place_date": "Lieu et date de la lettre",
    "letter_subject": "Objet de la lettre",
    "letter_references": "Références de la lettre",
    "letter_salutation": "Formule d’appel",
    "letter_body": "Corps de la lettre",
    "letter_closing": "Formule de politesse",
    "letter_signature": "Signature",
    "letter_enclosures": "Pièces jointes à la lettre",
}
"""What is evaluated. Notes are absent: the room tells the candidate that they are not."""


def gather(sitting: Sitting) -> Sources:
    """Everything the units may read of this sitting; empty parts where nothing was produced."""
    written = _subject(sitting, Subject.Kind.WRITTEN)
    exchanges = _subject(sitting, Subject.Kind.EXCHANGES)
    return Sources(
        talks=_talks(
            sitting, {f"{exchanges['code']}.{one['key']}": one for one in exchanges["exchanges"]}
        )
        if exchanges
        else [],
        written=[
            Written(
                one.key,
                LABELS[one.key],
                rich_text.as_words(one.content, rich=one.rich),
                one.saved_at,
            )
            for one in sitting.productions.filter(key__in=LABELS).order_by("pk")
        ],
        letter_received=next(iter(_talks(sitting, {written["code"]: written})), None)
        if written
        else None,
        letter_agreed=written.get("agreed", []),
        written_procedures=written.get("procedures", []),
        acts=_acts(sitting),
        known_words=_known_words(sitting),
        gestures={value: str(label) for value, label in AuthorityRule.Gesture.choices},
        ceilings=_ceilings(sitting),
    )


def _subject(sitting: Sitting, kind: str) -> Json:
    """The drawn subject with its dates, read for the machine's comparison and shown to nobody here."""
    draw = sitting.candidate.draws.filter(kind=kind).select_related("subject").first()
    if draw is None or sitting.workspace is None:
        return {}
    return library.dated(
        dict(sealing.unseal(draw.subject)), reference_day(sitting.workspace.identity)
    )


def _talks(sitting: Sitting, expected: Mapping[str, Json]) -> list[Talk]:
    """The contacts played under these keys, each with the part of the subject that expects it."""
    workspace = sitting.workspace
    if workspace is None:
        return []
    codes = {
        (code.kind, code.code): code.label
        for code in ContactCode.objects.filter(workspace=workspace)
    }
    asked = conversations.details(workspace)
    found = (
        Conversation.objects.filter(workspace=workspace, played_key__in=expected)
        .select_related("customer", "reason", "outcome")
        .prefetch_related("messages")
        .order_by("started_at", "pk")
    )
    heard = spoken.said_by_conversation(workspace.pk)
    return [
        _talk(one, expected[one.played_key], codes, asked, heard.get(one.pk, [])) for one in found
    ]


def _talk(
    one: Conversation,
    expected: Json,
    codes: Mapping[tuple[str, str], str],
    asked: Sequence[conversations.Detail],
    heard: Sequence[Said],
) -> Talk:
    wanted = expected.get("qualification", {})
    fields = wanted.get("fields", {})
    return Talk(
        pk=one.pk,
        key=one.played_key,
        label=f"{one.get_channel_display()} – {expected.get('title') or one.contact_label}",
        started_at=one.started_at,
        ended_at=one.ended_at,
        messages=[Said(m.pk, m.author, m.body, m.sent_at) for m in one.messages.all()],
        customer=str(one.customer) if one.customer else "",
        reason=_code(one.reason),
        outcome=_code(one.outcome),
        summary=one.summary,
        qualified_at=one.qualified_at,
        expected_reasons=[(c, codes.get(("reason", c), c)) for c in wanted.get("reason", [])],
        expected_outcomes=[(c, codes.get(("outcome", c), c)) for c in wanted.get("outcome", [])],
        details=[
            Answer(detail.label, one.details.get(detail.code, ""), fields.get(detail.code, ""))
            for detail in asked
        ],
        agreed=expected.get("agreed", []),
        procedures=expected.get("procedures", []),
        heard=heard,
    )


def _code(code: ContactCode | None) -> tuple[str, str]:
    return (code.code, code.label) if code is not None else ("", "")


def _acts(sitting: Sitting) -> list[Act]:
    """The candidate's own acts on the desk; those of others are not their evidence."""
    if sitting.workspace_id is None:
        return []
    titles = dict(
        Article.objects.filter(workspace_id=sitting.workspace_id).values_list("slug", "title")
    )
    user = sitting.candidate.enrolment.candidate.user_id
    return [
        Act(
            line.position,
            line.verb,
            line.object_id,
            line.at,
            line.data | {"title": titles[line.data["slug"]]}
            if line.data.get("slug") in titles
            else line.data,
        )
        for line in trace.lines(f"workspace:{sitting.workspace_id}")
        if line.actor_id == user
    ]


def _ceilings(sitting: Sitting) -> list[tuple[str, Decimal | None]]:
    """What the matrix of the enterprise lets an adviser grant alone."""
    if sitting.workspace is None:
        return []
    return [(str(row), row.adviser_amount) for row in authority_rows(sitting.workspace)]


def _known_words(sitting: Sitting) -> list[str]:
    workspace = sitting.workspace
    if workspace is None:
        return []
    names = [workspace.name, *(one for one in workspace.identity.values() if isinstance(one, str))]
    names += Product.objects.filter(workspace=workspace).values_list("label", flat=True)
    customers = Conversation.objects.filter(
        workspace=workspace, customer__isnull=False
    ).values_list("customer__first_name", "customer__last_name", "customer__city")
    names += [word for row in customers.distinct() for word in row]
    candidate = sitting.candidate.enrolment.candidate
    return [*names, candidate.first_name, candidate.birth_name, candidate.usual_name]
