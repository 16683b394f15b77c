"""The desk on screen."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import may_follow_conversation, may_follow_workspace
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"conversations:{name}", args=[workspace.pk, *args])


def test_the_desk_lists_who_waits_first_and_counts_them_in_its_title(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    make.conversation(workspace, contact_label="Odile")
    make.open_conversation(workspace, adviser, contact_label="M. Weber")
    make.ended_conversation(workspace, adviser, contact_label="Mme Roux")

    answer = signed_in.get(address(workspace, "desk"))
    page = answer.content.decode()

    assert "<title>(1) Poste" in page
    assert page.index("Mme Roux") < page.index("Odile") < page.index("M. Weber")


def test_the_queue_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, adviser: User, count_queries: Callable[..., int]
) -> None:
    def arrive() -> None:
        make.message(make.conversation(workspace, customer=make.customer(workspace)))
        make.open_conversation(workspace, adviser)

    arrive()
    one = count_queries(lambda: signed_in.get(address(workspace, "desk")))
    for _ in range(29):
        arrive()

    assert count_queries(lambda: signed_in.get(address(workspace, "desk"))) == one


def test_a_chat_is_taken_answered_ended_and_qualified(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    chat = make.conversation(workspace)
    make.message(chat, body="Où est mon colis ?")
    reason, outcome = make.reason(workspace), make.outcome(workspace)

    taken = signed_in.post(address(workspace, "accept", chat.pk), headers=htmx)
    sent = signed_in.post(
        address(workspace, "send", chat.pk),
        {"body": "Bonjour, je regarde.", "client_key": "k1", "apres": "1"},
        headers=htmx,
    ).content.decode()
    signed_in.post(address(workspace, "end", chat.pk), headers=htmx)
    refused = signed_in.post(
        address(workspace, "qualify", chat.pk), {"reason": reason.pk}, headers=htmx
    )
    done = signed_in.post(
        address(workspace, "qualify", chat.pk),
        {"reason": reason.pk, "outcome": outcome.pk, "summary": "Colis retrouvé."},
    )

    assert 'id="composer"' in taken.content.decode()
    assert "Bonjour, je regarde." in sent
    assert "Où est mon colis" not in sent
    assert refused.status_code == 422
    assert done.status_code == 302
    chat.refresh_from_db()
    assert chat.qualified_at is not None
    assert [line.verb.split(".")[1] for line in trace.lines(workspace.trace_stream)] == [
        "accepted", "message_sent", "ended", "qualified",
    ]  # fmt: skip


def test_a_refused_message_is_explained_in_place(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    chat = make.conversation(workspace)

    answer = signed_in.post(
        address(workspace, "send", chat.pk), {"body": "Bonjour", "client_key": "k"}, headers=htmx
    )

    assert answer.status_code == 422
    assert "Prenez la conversation" in answer.content.decode()


@pytest.mark.parametrize("act", ["send", "attach", "end"])
def test_nobody_speaks_or_ends_in_the_place_of_who_holds_the_exchange(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str], act: str
) -> None:
    holder = make.adviser(workspace.organisation, first_name="Léonie", last_name="Tessier")
    chat = make.open_conversation(workspace, holder)

    answer = signed_in.post(
        address(workspace, act, chat.pk), {"body": "Bonjour", "client_key": "k"}, headers=htmx
    )

    assert answer.status_code == 422
    assert "Léonie Tessier qui tient" in answer.content.decode()
    chat.refresh_from_db()
    assert chat.state == Conversation.State.OPEN
    assert not chat.messages.exists()


def test_nobody_qualifies_in_the_place_of_who_held_the_exchange(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    chat = make.ended_conversation(workspace, make.adviser(workspace.organisation))
    fields = {
        "reason": make.reason(workspace).pk, "outcome": make.outcome(workspace).pk,
        "summary": "Colis retrouvé.",
    }  # fmt: skip

    refused = signed_in.post(address(workspace, "qualify", chat.pk), fields, headers=htmx)
    chat.refresh_from_db()
    still = chat.qualified_at
    Conversation.objects.filter(pk=chat.pk).update(adviser=None)
    taken = signed_in.post(address(workspace, "qualify", chat.pk), fields, headers=htmx)

    assert (refused.status_code, still) == (422, None)
    chat.refresh_from_db()
    assert chat.qualified_at is not None, taken.status_code


def test_a_key_longer_than_any_number_names_nothing(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser)
    endless = "9" * 5000

    named = signed_in.post(address(workspace, "identify", chat.pk), {"customer": endless})

    assert named.status_code == 404
    assert signed_in.get(address(workspace, "desk"), {"c": endless}).status_code == 404
    assert not may_follow_conversation(adviser, endless)
    assert not may_follow_workspace(adviser, endless)


def test_a_file_is_saved_by_those_of_the_desk_alone(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    ours = make.attachment(make.message(make.conversation(workspace)))
    theirs = make.attachment(make.message(make.conversation(make.desk())))

    saved = signed_in.get(address(workspace, "attachment", ours.pk))

    assert saved.getvalue() == b"Bon de livraison"
    assert saved["Content-Disposition"] == 'attachment; filename="bon.txt"'
    assert signed_in.get(address(workspace, "attachment", theirs.pk)).status_code == 404


def test_the_thread_gives_only_what_follows(signed_in: StrictClient, workspace: Workspace) -> None:
    chat = make.conversation(workspace)
    first, second = make.message(chat), make.message(chat)

    part = signed_in.get(address(workspace, "thread", chat.pk), {"apres": 1})

    assert f'id="message-{second.pk}"' in part.content.decode()
    assert f'id="message-{first.pk}"' not in part.content.decode()
    assert part["X-Conversation-State"] == "waiting 0"


def test_the_contact_is_identified_from_the_search_beside_the_exchange(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    chat = make.open_conversation(workspace, adviser)
    known = make.customer(workspace, last_name="Lefèvre")

    found = signed_in.get(address(workspace, "customer", chat.pk), {"q": "lefevre"}, headers=htmx)
    pane = signed_in.post(
        address(workspace, "identify", chat.pk), {"customer": known.pk}, headers=htmx
    )

    assert known.reference in found.content.decode()
    assert 'id="customer-pane"' in pane.content.decode()
    chat.refresh_from_db()
    assert chat.customer == known


def test_a_conversation_is_read_later_with_its_times(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    chat = make.ended_conversation(workspace, adviser, summary="Vu.")
    message = make.message(chat)

    page = signed_in.get(address(workspace, "conversation", chat.pk)).content.decode()

    assert f'id="message-{message.pk}"' in page
    assert "Première réponse" in page


def test_a_contact_is_recorded_by_hand(signed_in: StrictClient, workspace: Workspace) -> None:
    known = make.customer(workspace)
    reason, outcome = make.reason(workspace), make.outcome(workspace)
    page = address(workspace, "contact", known.pk)

    empty = signed_in.post(page, {})
    signed_in.post(
        page,
        {
            "channel": "phone", "direction": "in", "started_at": "2026-11-19T10:30",
            "reason": reason.pk, "outcome": outcome.pk, "summary": "Appel.",
        },
    )  # fmt: skip

    assert signed_in.get(page).status_code == 200
    assert empty.status_code == 422
    assert Conversation.objects.get(customer=known).reason == reason


def test_people_see_the_desks_in_which_they_have_a_seat(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    accounts.workspace(name="Poste d’ailleurs")

    page = signed_in.get(reverse("conversations:desks")).content.decode()

    assert workspace.name in page
    assert "ailleurs" not in page


def test_an_internal_note_stands_among_the_messages_and_only_on_the_desk(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat, body="Où est mon colis ?")

    part = signed_in.post(
        address(workspace, "note", chat.pk),
        {"body": "Voir le transporteur.", "client_key": "n1", "apres": "1"},
        headers=htmx,
    ).content.decode()
    make.message(chat, body="Toujours là ?")
    thread = signed_in.get(address(workspace, "thread", chat.pk)).content.decode()
    note = chat.notes.get()
    rest = signed_in.get(
        address(workspace, "thread", chat.pk), {"apres": 2, "note": note.pk}
    ).content.decode()

    assert "Voir le transporteur." in part
    assert "Où est mon colis" not in part
    assert (
        thread.index("Où est mon colis")
        < thread.index("Voir le transporteur.")
        < thread.index("Toujours là")
    )
    assert "data-note=" not in rest
    assert f'data-mark="mark-note-{note.pk}"' in rest


def test_a_note_is_withdrawn_and_put_back_by_who_wrote_it(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    chat = make.open_conversation(workspace, adviser)
    mine = make.exchange_note(chat, adviser)
    theirs = make.exchange_note(chat, make.adviser(workspace.organisation))

    def post(pk: int, **fields: str) -> tuple[int, str]:
        answer = signed_in.post(address(workspace, "withdraw", chat.pk, pk), fields, headers=htmx)
        return answer.status_code, answer.content.decode()

    withdrawn, back = post(mine.pk), post(mine.pk, restored="1")
    refused = post(theirs.pk)

    assert "Note retirée" in withdrawn[1]
    assert "Note retirée" not in back[1]
    assert refused[0] == 422
    assert theirs.author_label in refused[1]
    page = signed_in.get(address(workspace, "conversation", chat.pk)).content.decode()
    assert page.count("Retirer la note") == 1
    plain = signed_in.post(address(workspace, "withdraw", chat.pk, mine.pk))
    assert plain.status_code == 302


def test_the_desk_counts_what_was_not_read_yet(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    make.message(chat, author="adviser")
    make.message(chat)
    make.exchange_note(chat, adviser)
    whispered = make.exchange_note(chat, make.adviser(workspace.organisation))
    make.message(make.open_conversation(workspace, make.adviser(workspace.organisation)))

    before = signed_in.get(address(workspace, "desk")).content.decode()
    read = signed_in.post(address(workspace, "read", chat.pk), {"position": "2", "note": "x"})
    half = signed_in.get(address(workspace, "queue")).content.decode()
    signed_in.post(
        address(workspace, "read", chat.pk), {"position": "9999", "note": str(whispered.pk)}
    )
    after = signed_in.get(address(workspace, "desk")).content.decode()

    assert read.status_code == 204
    assert "<title>(1) Poste" in before
    assert "3<span" in before
    assert "2<span" in half
    assert "queue-unread" not in after
    assert "<title>Poste" in after


def test_a_queue_that_did_not_change_is_not_sent_again(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    held = make.open_conversation(workspace, adviser)

    def version(chosen: str = "") -> str:
        html = signed_in.get(address(workspace, "queue") + chosen, headers=htmx).content.decode()
        return html.partition('data-version="')[2].partition('"')[0]

    first = version()
    asked = f"{address(workspace, 'queue')}?v={first}"
    same = signed_in.get(asked, headers=htmx)
    other = signed_in.get(f"{asked}&c={held.pk}", headers=htmx)
    whole = signed_in.get(asked)
    make.message(held)
    fresh = signed_in.get(asked, headers=htmx)

    assert (same.status_code, same.content) == (204, b"")
    assert (other.status_code, whole.status_code) == (200, 200)
    assert "queue-unread" in fresh.content.decode()
    assert version() != first


def test_another_exchange_opens_in_place_with_its_customer(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    known = make.customer(workspace, last_name="Weber")
    chat = make.open_conversation(workspace, adviser, customer=known)
    mail = make.open_conversation(workspace, adviser, channel=Conversation.Channel.MAIL)
    make.message(chat, body="Où est mon colis ?")

    page = signed_in.get(address(workspace, "desk")).content.decode()
    part = signed_in.get(address(workspace, "opened", chat.pk)).content.decode()

    assert address(workspace, "opened", chat.pk) in page
    assert address(workspace, "opened", mail.pk) not in page, (
        "its composer asks for a page of its own"
    )
    assert "<html" not in part
    assert "data-in-place" in part
    assert part.index("Où est mon colis ?") < part.index('id="exchange-customer"')
