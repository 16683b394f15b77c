"""An exam whose written part and exchanges were played in a copy of the enterprise that ships."""

import copy
from datetime import datetime, timedelta

from acquis.accounts.enums import Role
from acquis.accounts.models import User
from acquis.certification.papers.actions.draw_subject import draw_subject
from acquis.certification.sittings.actions.end_phase import end_phase
from acquis.certification.sittings.actions.save_production import save_production
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.practice.enterprises.actions.load_pack import load_pack
from acquis.practice.rooms.actions import play_customer
from acquis.practice.rooms.actions.begin_phase import begin_phase
from acquis.practice.scenarios.actions.install_library import install_library
from tests.factories import certification as make

SLUG = "valbrenne"
CRITERIA = {
    "CCP1.1": "La base de données est qualifiée",
    "CCP1.2": "La demande de l’interlocuteur est comprise",
    "CCP1.3": "La compréhension de la réponse par l’interlocuteur est vérifiée",
    "CCP1.4": "Les règles orthographiques sont respectées",
    "CCP1.5": "Le délai moyen de réponse est respecté",
}
LETTER = "Madame, nous vous remboursons 15,00 € sous cinq jours ouvrés. Votre demmande est close."


def content() -> dict:
    made = copy.deepcopy(make.ccp1_content())
    for criterion in made["blocks"][0]["criteria"]:
        criterion["text"] = CRITERIA[criterion["code"]]
    return made


def ready_exam() -> Sitting:
    """A candidate ready to begin in the enterprise that ships, with its subjects in the bank."""
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    model = load_pack(organisation=centre, slug=SLUG, by=author, at=make.DAY)
    install_library(organisation=centre, slug=SLUG, by=author, at=make.DAY, validated_by=director)
    sitting = make.ready_sitting(
        organisation=centre,
        enterprise_id=model.pk,
        subjects=False,
        version=make.framework_version(content=content()),
    )
    manager = sitting.candidate.session.manager
    draw_subject(candidate=sitting.candidate, kind="written", by=manager, at=make.DAY)
    return sitting


def juror_of(sitting: Sitting) -> User:
    user = sitting.candidate.session.jurors.select_related("juror__user").first().juror.user
    assert user is not None
    return user


def played_exam(*, ended: bool = True) -> Sitting:
    """Written part done, first exchange held and qualified; `ended` by the invigilator's hand."""
    sitting = ready_exam()
    return play(sitting, juror=juror_of(sitting), at=make.DAY, ended=ended)


def play(sitting: Sitting, *, juror: User, at: datetime, ended: bool = True) -> Sitting:
    """The same in an exam that was let begin, from this instant on; `juror` plays the customer."""
    candidate = make.writer(sitting)
    by_kind = {phase.kind: phase for phase in reversed(sitting.phases.all())}
    for kind in (Phase.Kind.WRITTEN, Phase.Kind.PREPARATION, Phase.Kind.EXCHANGES):
        at += timedelta(minutes=2)
        begin_phase(phase=by_kind[kind], by=candidate, at=at)
        sitting.refresh_from_db()
        if kind == Phase.Kind.WRITTEN:
            _write(sitting, candidate, at)
        if kind == Phase.Kind.EXCHANGES:
            talk(sitting, candidate, juror, at)
        else:
            end_phase(phase=by_kind[kind], by=candidate, at=at + timedelta(minutes=1))
    if ended:
        invigilator = sitting.candidate.session.manager
        end_phase(phase=by_kind[Phase.Kind.EXCHANGES], by=invigilator, at=at + timedelta(minutes=9))
    sitting.refresh_from_db()
    return sitting


def _write(sitting: Sitting, candidate: User, at: datetime) -> None:
    save_production(
        sitting=sitting,
        key="letter_body",
        content=LETTER,
        client_id="t:1",
        base_seq=0,
        by=candidate,
        at=at,
    )
    received = Conversation.objects.get(workspace=sitting.workspace, played_key__startswith="VAL-E")
    _qualify(received, candidate, at, {"urgency": "critique"})


def talk(sitting: Sitting, candidate: User, juror: User, at: datetime) -> None:
    """One exchange of the exchanges that have begun, held by chat and qualified."""
    held = play_customer.ring(sitting=sitting, key="a", by=juror, at=at)
    Conversation.objects.filter(pk=held.pk).update(adviser=candidate, state="active")
    held.refresh_from_db()
    customer, adviser = Message.Author.CUSTOMER, Message.Author.ADVISER
    # The customer asks whatever set is drawn: one played by telephone opens without a written line.
    lines = (
        (customer, "Bonjour, je voudrais suspendre mon abonnement."),
        (adviser, "Bonjour. Si j’ai bien compris, vous souhaitez une pause de deux mois ?"),
        (adviser, "C’est noté. Avez-vous d’autres questions ?"),
    )
    for number, (author, body) in enumerate(lines):
        send_message(
            conversation=held,
            author=author,
            body=body,
            author_label=candidate.first_name if author == adviser else held.contact_label,
            client_key=f"t-{number}",
            by=candidate if author == adviser else None,
            at=at + timedelta(seconds=30 * number),
        )
    _qualify(held, candidate, at + timedelta(minutes=2), {"identity": "oui"})


def _qualify(talk: Conversation, by: User, at: datetime, details: dict[str, str]) -> None:
    Conversation.objects.filter(pk=talk.pk).update(state="ended", ended_at=at, adviser=by)
    talk.refresh_from_db()
    codes = ContactCode.objects.filter(workspace=talk.workspace)
    qualify_conversation(
        conversation=talk,
        reason=codes.get(kind="reason", code="ABO-SUS"),
        outcome=codes.get(kind="outcome", code="ABO-MAJ"),
        summary="Suspension demandée et notée.",
        details=details,
        by=by,
        at=at,
    )
