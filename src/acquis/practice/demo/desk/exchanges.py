"""Contacts of each channel: waiting, in hand, over; letters; a call; an abusive contact and its protocol."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from acquis.accounts.models import User
from acquis.desk.conduct.actions.mark_abuse import mark_abuse, say_step
from acquis.desk.conduct.models import AbusiveContact
from acquis.desk.conduct.policy import Step
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.mark_read import mark_read
from acquis.desk.conversations.actions.record_contact import record_contact
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.write_note import write_note
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.post_letter import post_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.models import LetterPosting, LetterTemplate
from acquis.desk.mail.actions.keep_mailbox import keep_mailbox
from acquis.desk.mail.actions.receive_mail import receive_mail
from acquis.desk.mail.actions.release_mail import release_mail
from acquis.desk.mail.actions.send_mail import send_mail
from acquis.desk.mail.models import Mailbox
from acquis.desk.messaging.actions.keep_gateway import keep_gateway, keep_template
from acquis.desk.messaging.actions.receive import receive_message
from acquis.desk.messaging.events import Incoming
from acquis.desk.messaging.models import Channel as Carried
from acquis.desk.messaging.models import Gateway
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.hang_up import customer_hangs_up, hang_up
from acquis.desk.phone.actions.place_call import place_call
from acquis.desk.phone.models import Leg
from acquis.desk.shell import day_in_paris
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.actions.open_chat import Opening, open_chat
from acquis.desk.webchat.models import Site
from acquis.kernel import crypto
from acquis.practice.demo.desk.stage import Stage

Channel = Conversation.Channel
ADDRESS = "service.clients@valbrenne.example"
TOKEN_LENGTH = 43
# A picture of one grey pixel: what stands for the photograph a customer joins.
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da636800"
    "00008200812ebb3c9b0000000049454e44ae426082"
)


@dataclass(frozen=True)
class Ways:
    """By what customers are reached."""

    gateways: Mapping[str, Gateway]
    mailbox: Mailbox


def declare_ways(stage: Stage) -> Ways:
    """Before anything is written to anybody: what leaves bears the address of the desk."""
    return Ways(_gateways(stage), _mailbox(stage))


def fill_exchanges(stage: Stage, ways: Ways) -> None:
    """Have customers write and call."""
    gateways, mailbox = ways.gateways, ways.mailbox
    _chats(stage)
    _mail(stage, mailbox)
    _messages(stage, gateways)
    _calls(stage)
    _letters(stage)
    _abuse(stage)


def _gateways(stage: Stage) -> dict[str, Gateway]:
    """Declared and not in service: until a server is there, the embedded one carries messages."""
    made = {}
    for channel, sender in ((Carried.SMS, "VALBRENNE"), (Carried.WHATSAPP, "+33199007100")):
        made[channel.value], _secret = keep_gateway(
            workspace=stage.desk,
            gateway=None,
            channel=channel,
            name=f"{channel.label} Valbrenne (démonstration, hors service)",
            address=f"https://passerelle.valbrenne.example/{channel}",
            sender=sender,
            is_active=False,
            queue=stage.queue("technique"),
            closed_answer="Nous sommes joignables du lundi au vendredi de 9 h à 18 h 30. Votre message est lu "
            "dès la réouverture.",
            by=stage.supervisor,
            at=stage.ago(days=20),
        )
    keep_template(
        workspace=stage.desk,
        name="rendez_vous_confirme",
        body="Bonjour, votre rendez-vous avec notre technicien est confirmé pour le {date}.",
        by=stage.supervisor,
        at=stage.ago(days=20),
    )
    return made


def _mailbox(stage: Stage) -> Mailbox:
    """Without servers, as the rule is for a copy: its mail is written to the outbox folder."""
    return keep_mailbox(
        workspace=stage.desk,
        mailbox=None,
        values={
            "address": ADDRESS,
            "display_name": "Service clients Valbrenne",
            "signature": "Le service clients Valbrenne\n04 65 71 42 00",
            "queue": stage.queue("ecrits"),
        },
        by=stage.supervisor,
        at=stage.ago(days=20),
    )


def _chats(stage: Stage) -> None:
    """One who waits, one in the adviser's hands, some that are over."""
    _chat(stage, stage.customers[23], "Mon colis est annoncé livré mais je n’ai rien reçu, que faire ?",
          at=stage.ago(seconds=50))  # fmt: skip
    held = stage.customers[24]
    talk = _chat(
        stage, held, "Puis-je encore changer la couleur de ma bouilloire Ondine ?",
        at=stage.ago(minutes=14),
    )  # fmt: skip
    at = stage.ago(minutes=13)
    talk = accept_conversation(conversation=talk, by=stage.adviser, at=at)
    _answer(talk, stage.canned("bonjour", talk, by=stage.adviser), by=stage.adviser, at=at)
    _write(
        talk, "Merci ! C’est la commande de lundi, je voudrais la verte.", at=stage.ago(minutes=10)
    )
    _answer(
        talk, "Elle n’est pas encore partie : je fais la modification et je vous confirme ici.",
        by=stage.adviser, at=stage.ago(minutes=8),
    )  # fmt: skip
    _write(talk, "Parfait, je reste là.", at=stage.ago(minutes=7))
    mark_read(conversation=talk, position=talk.messages.count() - 1, by=stage.adviser)
    write_note(
        conversation=talk, body="La verte est en stock à Roanne (14 pièces).", client_key="stock",
        by=stage.colleagues[1], at=stage.ago(minutes=6),
    )  # fmt: skip
    for minutes, rank, who, question, answer, code, summary in (
        (120, 25, 0, "Comment détartrer ma Brisa à broyeur ?",
         ("Versez une dose ACC-DET dans le réservoir plein, puis lancez « Entretien » depuis "
         "l’application : comptez vingt minutes."),
         "SAV-UTI", "Détartrage expliqué, fait pendant l’échange."),
        (95, 36, 1, "Le panier vapeur va-t-il au lave-vaisselle ?",
         "Oui, dans le panier du haut, à 55 °C au plus.",
         "INF-PRO", "Entretien du panier vapeur expliqué."),
        (58, 37, 0, "Où trouver ma facture de novembre ?",
         "Dans votre compte, rubrique « Commandes », au bout de la ligne de la commande.",
         "FAC-DUP", "Facture trouvée dans le compte pendant l’échange."),
    ):  # fmt: skip
        colleague = stage.colleagues[who]
        over = _chat(stage, stage.customers[rank], question, at=stage.ago(minutes=minutes))
        over = accept_conversation(
            conversation=over, by=colleague, at=stage.ago(minutes=minutes - 0.7)
        )
        _answer(over, answer, by=colleague, at=stage.ago(minutes=minutes - 1))
        _write(over, "C’est parfait, merci beaucoup.", at=stage.ago(minutes=minutes - 6))
        thanks = stage.canned("merci", over, by=colleague)
        _answer(over, thanks, by=colleague, at=stage.ago(minutes=minutes - 7))
        stage.settle(over, code, "RES-1C", summary, by=colleague, at=stage.ago(minutes=minutes - 9))


def _chat(stage: Stage, customer: Customer, question: str, *, at: datetime) -> Conversation:
    """A visitor asks the site, then a person; the automatic answer spoke first."""
    site = Site.objects.filter(workspace=stage.desk).order_by("pk")[0]
    token = crypto.draw(crypto.LETTERS + crypto.DIGITS, TOKEN_LENGTH)
    chat = open_chat(
        site=site,
        said=Opening(
            name=f"{customer.first_name} {customer.last_name}",
            email=customer.email,
            question=question,
            client_key="demo",
            page_url="https://www.valbrenne.example/aide/",
            page_title="Aide et contact",
        ),
        token=token,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        address_digest=hashlib.sha256(customer.reference.encode()).hexdigest(),
        at=at,
    )
    handed = hand_over(chat=chat, at=at + timedelta(seconds=20)).conversation
    assert handed is not None  # noqa: S101  a hand-over gives one
    return handed


def _answer(talk: Conversation, body: str, *, by: User, at: datetime) -> Message:
    return send_message(
        conversation=talk,
        author=Message.Author.ADVISER,
        body=body,
        author_label=by.full_name,
        client_key=f"demo-{at.timestamp()}",
        by=by,
        at=at,
    )


def _write(talk: Conversation, body: str, *, at: datetime) -> Message:
    """The customer goes on in an exchange that is theirs."""
    return send_message(
        conversation=talk,
        author=Message.Author.CUSTOMER,
        body=body,
        author_label=talk.contact_label,
        client_key=f"demo-{at.timestamp()}",
        by=None,
        at=at,
    )


def _mail(stage: Stage, mailbox: Mailbox) -> None:
    """A thread: asked with a photograph, answered, written again; it is in the adviser's hands."""
    customer = stage.customers[26]
    subject = "Couvercle de l’Alma fendu à la livraison"
    asked = receive_mail(
        workspace=stage.desk, mailbox=mailbox, at=stage.ago(hours=5),
        raw=_eml(
            customer, subject, "alma-1",
            "Bonjour,\n\nLe couvercle de mon Alma est fendu, vous le verrez sur la photo jointe. "
            "Le carton n’était pas abîmé.\n\nComment procéder ?\n\n"
            f"{customer.first_name} {customer.last_name}",
            at=stage.ago(hours=5), photo=True,
        ),
    )  # fmt: skip
    talk = asked.conversation
    if talk is None:  # a customer's mail begins an exchange; anything else is kept and begins none
        return
    talk = accept_conversation(conversation=talk, by=stage.adviser, at=stage.ago(hours=4))
    answer = send_mail(
        workspace=stage.desk, conversation=talk, customer=customer, by=stage.adviser,
        at=stage.ago(hours=4),
        parts={
            "body": f"Bonjour,\n\nMerci pour la photo : le couvercle part aujourd’hui, sans frais. "
            "Gardez l’ancien jusqu’à la réception, nous vous dirons s’il doit nous revenir.\n\n"
            f"{stage.adviser.full_name}\nService clients Valbrenne",
        },
    )  # fmt: skip
    answer = release_mail(mail=answer, at=stage.ago(hours=4) + timedelta(seconds=20), early=True)
    receive_mail(
        workspace=stage.desk, mailbox=mailbox, at=stage.ago(minutes=35),
        raw=_eml(
            customer, f"Re: {subject}", "alma-2",
            "Merci pour votre rapidité. Pouvez-vous me confirmer le jour de livraison ? Je suis "
            "absent jeudi.", at=stage.ago(minutes=35), answers=answer.identifier,
        ),
    )  # fmt: skip


def _eml(
    customer: Customer,
    subject: str,
    key: str,
    body: str,
    *,
    at: datetime,
    answers: str = "",
    photo: bool = False,
) -> bytes:
    message = EmailMessage()
    message["From"] = f"{customer.first_name} {customer.last_name} <{customer.email}>"
    message["To"] = ADDRESS
    message["Subject"] = subject
    message["Date"] = at
    message["Message-ID"] = f"<{key}@{customer.email.rpartition('@')[2]}>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(body)
    if photo:
        message.add_attachment(PHOTO, maintype="image", subtype="png", filename="couvercle.png")
    return message.as_bytes()


def _messages(stage: Stage, gateways: Mapping[str, Gateway]) -> None:
    """WhatsApp and SMS: one waits for who can repair, one is in a colleague's hands, one waits."""
    texts = (
        (Carried.WHATSAPP, 27, timedelta(minutes=4),
         "Bonjour, ma Zéphyrine fait un bruit de roulement depuis ce matin. C’est grave ?"),
        (Carried.SMS, 28, timedelta(minutes=32),
         "Bonjour, mon technicien devait passer entre 10h et 12h, toujours personne."),
        (Carried.SMS, 29, timedelta(minutes=3), "Ma Lactine ne s’allume plus. Je peux vous l’envoyer ?"),
    )  # fmt: skip
    talks = []
    for channel, rank, ago, text in texts:
        customer = stage.customers[rank]
        message = receive_message(
            gateway=gateways[channel],
            incoming=Incoming(
                event_id=f"demo-{rank}",
                address=_mobile(customer, rank),
                name=f"{customer.first_name} {customer.last_name}",
                text=text,
            ),
            at=stage.at - ago,
        )
        if message is not None:  # None for an event already known
            talks.append(message.conversation)
    held = talks[1]
    colleague = stage.colleagues[1]
    accept_conversation(conversation=held, by=colleague, at=stage.ago(minutes=28))
    _answer(
        held, "Bonjour, je suis navré de cette attente. J’appelle l’équipe et je vous écris avant 15 min.",
        by=colleague, at=stage.ago(minutes=27),
    )  # fmt: skip


def _mobile(customer: Customer, rank: int) -> str:
    """Theirs when it is a mobile, which names them; else one that the desk does not know."""
    known = customer.phone.startswith("+3363998")
    return customer.phone if known else f"+336399800{rank}"


def _calls(stage: Stage) -> None:
    """A call answered and qualified; one that nobody took. No sound is kept of either."""
    customer = stage.customers[30]
    label = f"{customer.first_name} {customer.last_name}"
    leg = _ring(stage, label, customer.phone, at=stage.ago(minutes=75))
    colleague = stage.colleagues[0]
    answer_call(
        call=leg.call, customer=customer, by=colleague, at=stage.ago(minutes=74, seconds=40)
    )
    call = hang_up(call=leg.call, by=colleague, at=stage.ago(minutes=68))
    stage.settle(
        call.conversation, "CDE-SUI", "RES-1C",
        "Commande en préparation : départ confirmé pour demain, suivi envoyé par courriel.",
        by=colleague, at=stage.ago(minutes=68),
    )  # fmt: skip
    missed = _ring(stage, "Numéro inconnu", "06 39 98 00 77", at=stage.ago(minutes=50))
    customer_hangs_up(leg=missed, at=stage.ago(minutes=49, seconds=10))


def _ring(stage: Stage, name: str, number: str, *, at: datetime) -> Leg:
    leg = place_call(workspace=stage.desk, number=number, name=name, at=at)
    return Leg.objects.select_related("call__conversation").get(pk=leg.pk)


def _letters(stage: Stage) -> None:
    """A letter received, a draft from a template, one posted."""
    written = stage.customers[31]
    record_contact(
        customer=written, channel=Channel.LETTER, direction=Conversation.Direction.IN,
        subject="Courrier : demande d’échange", started_at=stage.ago(days=1, hours=1),
        reason=ContactCode.objects.get(workspace=stage.desk, kind="reason", code="RET-ECH"),
        outcome=ContactCode.objects.get(workspace=stage.desk, kind="outcome", code="ATT-INT"),
        summary="Le client renvoie son Ondine et demande le modèle noir ; magasin prévenu.",
        by=stage.adviser, at=stage.ago(days=1),
    )  # fmt: skip
    templates = LetterTemplate.objects.filter(workspace=stage.desk)
    start_letter(
        customer=stage.customers[20],
        template=templates.get(title="Confirmation d’un rendez-vous de dépannage"),
        by=stage.adviser, at=stage.ago(hours=4),
    )  # fmt: skip
    letter = start_letter(
        customer=written, template=templates.get(title="Retour reçu, remboursement"),
        by=stage.adviser, at=stage.ago(days=2),
    )  # fmt: skip
    kept = save_letter_part(
        letter=letter, name="references", text=written.reference, seq=1, by=stage.adviser,
        at=stage.ago(days=2),
    )  # fmt: skip
    del kept
    letter.refresh_from_db()
    finalise_letter(letter=letter, by=stage.adviser, at=stage.ago(days=2))
    letter.refresh_from_db()
    post_letter(
        letter=letter, method=LetterPosting.Method.PLAIN, tracking="",
        on=day_in_paris(stage.ago(days=1)), by=stage.adviser, at=stage.ago(days=1),
    )  # fmt: skip


def _abuse(stage: Stage) -> None:
    """A colleague's chat goes wrong: the recall, one warning, and the supervisor has it to see."""
    talk = _chat(
        stage, stage.customers[32], "Ça fait trois fois que je demande où est mon remboursement",
        at=stage.ago(minutes=22),
    )  # fmt: skip
    colleague = stage.colleagues[1]
    talk = accept_conversation(conversation=talk, by=colleague, at=stage.ago(minutes=21))
    _answer(
        talk, stage.canned("bonjour", talk, by=colleague), by=colleague, at=stage.ago(minutes=20)
    )
    _write(talk, "Vous êtes tous des incapables, vous d’abord.", at=stage.ago(minutes=18))
    contact = mark_abuse(
        conversation=talk, nature=AbusiveContact.Nature.INSULT, by=colleague,
        facts="« Vous êtes tous des incapables, vous d’abord » après la première réponse.",
        at=stage.ago(minutes=17),
    )  # fmt: skip
    say_step(contact=contact, step=Step.RECALL, send=True, by=colleague, at=stage.ago(minutes=16))
    _write(talk, "Je dirai ce que je veux, bande d’incapables.", at=stage.ago(minutes=13))
    say_step(
        contact=contact, step=Step.FIRST_WARNING, send=True, by=colleague, at=stage.ago(minutes=12)
    )
