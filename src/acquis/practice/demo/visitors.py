"""Two contacts that wait on the demonstration's training desk, so that a first look finds work."""

from datetime import datetime, timedelta

from acquis.accounts.models import Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order

Channel = Conversation.Channel
STRANGER = "Visiteur du site"


def let_visitors_wait(*, desk: Workspace, at: datetime) -> None:
    """A stranger on the chat who gives an order number; a known customer by mail."""
    orders = Order.objects.filter(workspace=desk, customer__kind=Customer.Kind.PERSON)
    ours = orders.select_related("customer").order_by("-ordered_on", "-pk")
    asked, told = ours[0], ours[1]
    _wait(
        desk,
        Channel.MAIL,
        f"Une question sur la commande {told.number}",
        f"Bonjour,\n\nJe souhaite une copie de la facture de ma commande {told.number}, "
        "à joindre à mon assurance.\n\n"
        f"Merci d’avance,\n{told.customer.first_name} {told.customer.last_name}",
        customer=told.customer,
        at=at - timedelta(minutes=42),
    )
    _wait(
        desk,
        Channel.CHAT,
        "",
        f"bonjour, j’ai passé la commande {asked.number} et je ne serai pas chez moi "
        "le jour prévu, comment on fait ?",
        customer=None,
        at=at - timedelta(minutes=2),
    )


def _wait(
    desk: Workspace,
    channel: str,
    subject: str,
    body: str,
    *,
    customer: Customer | None,
    at: datetime,
) -> None:
    label = customer.display_name if customer else STRANGER
    conversation = start_conversation(
        workspace=desk,
        channel=channel,
        direction=Conversation.Direction.IN,
        contact_label=label,
        subject=subject,
        customer=customer,
        by=None,
        at=at,
    )
    send_message(
        conversation=conversation,
        author=Message.Author.CUSTOMER,
        body=body,
        author_label=label,
        client_key=f"demo-{channel}",
        by=None,
        at=at,
    )
