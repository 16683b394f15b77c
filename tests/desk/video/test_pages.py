from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.models import Appointment
from acquis.desk.conversations.channels import room_of
from acquis.desk.phone.models import Call
from acquis.desk.video.access import key_of
from acquis.desk.video.actions.let_in import let_in
from acquis.desk.video.models import VideoInvitation
from acquis.kernel.testing import StrictClient
from acquis.regulation.calendars import is_holiday
from tests.factories import accounts, phone, video, webchat
from tests.factories import desk as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = VideoInvitation.State
JSON = {"Accept": "application/json"}
COPY = {"subject": "La pièce", "when": "now", "way": "copy"}


def at(name: str, workspace: Workspace, *more: int) -> str:
    return reverse(f"video:{name}", args=[workspace.pk, *more])


def public(name: str, invitation: VideoInvitation) -> str:
    return reverse(f"visio:{name}", args=[key_of(invitation)])


def text(client: StrictClient, address: str) -> str:
    return client.get(address).content.decode()


@pytest.fixture
def invited(workspace: Workspace, adviser: User) -> VideoInvitation:
    return video.invitation(workspace, adviser, created_at=timezone.now())


@pytest.fixture
def waiting(workspace: Workspace, adviser: User) -> VideoInvitation:
    return video.arrived(workspace, adviser, created_at=timezone.now())


@pytest.fixture
def supervising(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    return client


@pytest.fixture
def colleague(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(make.adviser(workspace.organisation))
    return client


# Inviting, from the desk


def test_a_customer_is_invited_from_their_record(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    customer = make.customer(workspace, email="odile@maison.example", phone="+33639981122")
    address = at("invite", workspace, customer.pk)

    page = text(signed_in, address)
    assert "Par courriel" in page
    assert "Par SMS" in page
    assert "Dans cet échange" not in page

    response = signed_in.post(address, COPY, follow=True)
    shown = response.content.decode()
    made = VideoInvitation.objects.get()
    assert f"http://testserver{public('room', made)}" in shown
    assert "Copier le lien" in shown


def test_what_is_refused_is_shown_again_with_what_was_typed(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    customer = make.customer(workspace, email="", phone="")
    address = at("invite", workspace, customer.pk)

    for fields, words in [
        ({"when": "later"}, "Choisissez un moment à venir"),
        ({"when": "later", "slot": "2001-01-01T10:00"}, "Choisissez un moment à venir"),
        ({"when": "later", "slot": "demain"}, "Donnez un jour et une heure."),
        ({"way": "mail"}, "Sélectionnez un choix valide"),
    ]:
        response = signed_in.post(address, COPY | fields)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "La pièce" in response.content.decode()
    assert not VideoInvitation.objects.exists()


def test_a_moment_that_was_agreed_is_kept(signed_in: StrictClient, workspace: Workspace) -> None:
    customer = make.customer(workspace)
    slot = (timezone.localtime() + timedelta(days=3)).replace(second=0, microsecond=0)
    fields = {"when": "later", "slot": slot.strftime("%Y-%m-%dT%H:%M")}

    signed_in.post(at("invite", workspace, customer.pk), COPY | fields)

    assert VideoInvitation.objects.get().starts_at == slot


def a_weekday(days: int = 3) -> datetime:
    """A morning to come on which an office is open."""
    day = timezone.localtime() + timedelta(days=days)
    while day.weekday() > 4 or is_holiday(day.date()):
        day += timedelta(days=1)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def test_an_agreed_moment_is_booked_moved_and_given_up(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    resource = make.resource(workspace, name=adviser.full_name)
    make.resource(workspace, name="Salle bleue")
    customer = make.customer(workspace)
    address = at("invite", workspace, customer.pk)
    assert f'value="{resource.pk}" selected' in text(signed_in, address)
    slot = a_weekday()
    fields = {"when": "later", "slot": slot.strftime("%Y-%m-%dT%H:%M"), "resource": resource.pk}

    signed_in.post(address, COPY | fields | {"minutes": "45"})

    made = VideoInvitation.objects.get()
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.ends_at) == (slot, slot + timedelta(minutes=45))
    assert reverse("agenda:appointment", args=[workspace.pk, booked.pk]) in text(
        signed_in, at("invitation", workspace, made.pk)
    )
    refused = signed_in.post(address, COPY | fields)
    assert refused.status_code == 422
    assert "est déjà pris à ce moment" in refused.content.decode()

    move = at("move", workspace, made.pk)
    for typed, words in [("", "Donnez un jour"), ("2001-01-01T10:00", "un moment à venir")]:
        refused = signed_in.post(move, {"slot": typed})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    later = slot + timedelta(hours=1)
    shown = signed_in.post(move, {"slot": later.strftime("%Y-%m-%dT%H:%M")}, follow=True)
    assert "dites-le-lui" in shown.content.decode()
    booked.refresh_from_db()
    assert booked.starts_at == later

    signed_in.post(at("withdraw", workspace, made.pk))
    booked.refresh_from_db()
    assert booked.state == Appointment.State.CANCELLED


def test_the_one_address_of_a_kind_needs_no_choice_and_several_do(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    customer = make.customer(
        workspace, email="odile@maison.example", phone="+33639981122", phone_alt="+33639981133"
    )
    address = at("invite", workspace, customer.pk)

    signed_in.post(address, COPY | {"way": "mail", "address": "+33639981122"})
    assert VideoInvitation.objects.get().address == "odile@maison.example"

    response = signed_in.post(address, COPY | {"way": "sms", "address": "odile@maison.example"})
    assert "Choisissez où envoyer le lien." in response.content.decode()
    signed_in.post(address, COPY | {"way": "sms", "address": "+33639981133"})
    assert VideoInvitation.objects.first().address == "+33639981133"  # type: ignore[union-attr]


def test_an_exchange_in_writing_proposes_to_go_on_by_video(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="chat")
    address = at("invite_here", workspace, exchange.pk)
    assert address in text(
        signed_in, reverse("conversations:exchange", args=[workspace.pk, exchange.pk])
    )

    signed_in.post(address, COPY | {"way": "exchange"})

    made = VideoInvitation.objects.get()
    assert made.source == exchange
    assert public("room", made) in exchange.messages.get().body


def test_the_site_of_a_chat_says_whether_video_is_proposed(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    for offered in (True, False):
        site = webchat.site(workspace, video_offered=offered)
        exchange = webchat.open_chat(site, adviser).conversation
        assert exchange is not None
        shown = text(signed_in, reverse("conversations:exchange", args=[workspace.pk, exchange.pk]))
        assert (at("invite_here", workspace, exchange.pk) in shown) is offered


def test_a_refusal_of_the_channel_is_said_in_the_form(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="whatsapp")

    response = signed_in.post(at("invite_here", workspace, exchange.pk), COPY | {"way": "exchange"})

    assert response.status_code == 422
    assert "La pièce" in response.content.decode()
    assert "24 heures" in response.content.decode()
    assert not VideoInvitation.objects.exists()


def test_only_who_holds_an_exchange_or_supervises_invites_in_it(
    colleague: StrictClient, supervising: StrictClient, workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="chat")
    address = at("invite_here", workspace, exchange.pk)

    assert colleague.get(address).status_code == 404
    page = text(supervising, address)
    assert "Je copie le lien moi-même" in page
    assert "Dans cet échange" not in page


def test_the_invitations_of_others_are_shown_to_supervisors_alone(
    signed_in: StrictClient,
    colleague: StrictClient,
    supervising: StrictClient,
    workspace: Workspace,
    waiting: VideoInvitation,
) -> None:
    for client, seen in ((signed_in, True), (colleague, False), (supervising, True)):
        assert (waiting.label in text(client, at("index", workspace))) is seen
        status = client.get(at("invitation", workspace, waiting.pk)).status_code
        assert status == (200 if seen else 404)
    for name in ("let_in", "withdraw", "renew"):
        assert colleague.post(at(name, workspace, waiting.pk)).status_code == 404
    assert "Conseiller" in text(supervising, at("index", workspace))


def test_the_list_parts_what_is_to_come_from_what_is_past(
    signed_in: StrictClient, workspace: Workspace, adviser: User, waiting: VideoInvitation
) -> None:
    video.invitation(workspace, adviser, label="Ancienne")  # expired
    video.invitation(workspace, adviser, label="Finie", state=State.DONE)
    inside = video.invitation(workspace, adviser, label="Dedans", state=State.CALLING)

    coming, past = (text(signed_in, at("index", workspace) + ask) for ask in ("", "?vue=passees"))

    assert waiting.label in coming
    assert inside.label in coming
    assert "Le client attend" in coming
    assert "Ancienne" not in coming
    assert "Ancienne" in past
    assert "Lien expiré" in past
    assert "Finie" in past
    assert "Dedans" not in past
    assert "Finie" in text(signed_in, at("index", workspace) + "?vue=passees&q=fin")
    assert "Aucune visio ne correspond" in text(signed_in, at("index", workspace) + "?q=zzz")


def test_an_empty_list_says_where_to_begin(signed_in: StrictClient, workspace: Workspace) -> None:
    assert "Invitez un client en visio" in text(signed_in, at("index", workspace))


def test_the_list_costs_the_same_for_one_row_and_for_twenty(
    signed_in: StrictClient,
    workspace: Workspace,
    adviser: User,
    count_queries: Callable[..., int],
) -> None:
    now = timezone.now()

    def read() -> object:
        return signed_in.get(at("index", workspace))

    video.invitation(workspace, adviser, created_at=now, customer=make.customer(workspace))
    one = count_queries(read)
    for _ in range(19):
        video.invitation(workspace, adviser, created_at=now, customer=make.customer(workspace))
    assert count_queries(read) == one


# The door, from the desk


def test_every_page_says_who_waits_to_whoever_invited(
    signed_in: StrictClient,
    supervising: StrictClient,
    workspace: Workspace,
    waiting: VideoInvitation,
    invited: VideoInvitation,
) -> None:
    invited.label = "Pas encore là"
    invited.save()

    said = text(signed_in, at("waiting", workspace))

    assert f"{waiting.label} attend en visio." in said
    assert "Pas encore là" not in said
    assert text(supervising, at("waiting", workspace)).strip() == ""
    page = text(signed_in, at("index", workspace))
    assert at("waiting", workspace) in page


def test_whoever_closed_their_page_does_not_wait(
    signed_in: StrictClient, workspace: Workspace, waiting: VideoInvitation
) -> None:
    waiting.seen_at = timezone.now() - timedelta(minutes=2)
    waiting.save()

    assert text(signed_in, at("waiting", workspace)).strip() == ""
    shown = text(signed_in, at("invitation", workspace, waiting.pk))
    assert "sa page s’est fermée" in shown
    assert "Faire entrer" not in shown


def test_opening_the_door_leads_to_the_exchange(
    signed_in: StrictClient, workspace: Workspace, waiting: VideoInvitation
) -> None:
    assert "Faire entrer" in text(signed_in, at("invitation", workspace, waiting.pk))

    response = signed_in.post(at("let_in", workspace, waiting.pk))

    call = Call.objects.get()
    assert response["Location"].endswith(f"?c={call.conversation_id}")
    bar = text(signed_in, reverse("phone:bar", args=[workspace.pk]))
    assert "data-pictures" in bar
    assert "Couper la caméra" in bar
    assert "Clavier" not in bar
    exchange = reverse("conversations:exchange", args=[workspace.pk, call.conversation_id])
    shown = text(signed_in, exchange)
    assert "Vérifiez à qui vous parlez" in shown
    assert "Les images ne sont pas enregistrées." in shown
    assert "Passer en visio" not in shown


def test_a_call_by_telephone_has_no_camera(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    phone.active_call(workspace, adviser)

    bar = text(signed_in, reverse("phone:bar", args=[workspace.pk]))

    assert "data-pictures" not in bar
    assert "Clavier" in bar


def test_a_video_call_is_not_in_the_journal_of_the_telephone(
    signed_in: StrictClient, workspace: Workspace, adviser: User, waiting: VideoInvitation
) -> None:
    let_in(invitation=waiting, by=adviser, at=timezone.now())

    assert "Aucun appel" in text(signed_in, reverse("phone:index", args=[workspace.pk]))


def test_a_supervisor_looks_in_and_both_are_told(
    supervising: StrictClient, workspace: Workspace, adviser: User, waiting: VideoInvitation
) -> None:
    call = let_in(invitation=waiting, by=adviser, at=timezone.now())

    supervising.post(reverse("phone:act", args=[workspace.pk, call.pk]), {"act": "listen"})

    assert "personne ne vous voit" in text(supervising, reverse("phone:bar", args=[workspace.pk]))
    waiting.refresh_from_db()
    state = StrictClient().get(reverse("calling:state", args=[waiting.leg_key])).json()
    assert state["supervised"]


def test_a_video_exchange_without_a_call_is_written_in(
    workspace: Workspace, adviser: User, signed_in: StrictClient
) -> None:
    alone = make.open_conversation(workspace, adviser, channel="video")

    context = room_of(alone).context(alone, adviser)

    assert context["call"] is None
    exchange = reverse("conversations:exchange", args=[workspace.pk, alone.pk])
    assert "textarea" in text(signed_in, exchange)


def test_withdrawing_and_renewing_void_the_link(
    signed_in: StrictClient, workspace: Workspace, invited: VideoInvitation
) -> None:
    old = public("room", invited)
    signed_in.post(at("renew", workspace, invited.pk))
    invited.refresh_from_db()
    assert StrictClient().get(old).status_code == 404
    assert StrictClient().get(public("room", invited)).status_code == 200

    shown = signed_in.post(at("withdraw", workspace, invited.pk), follow=True).content.decode()
    assert "Invitation annulée" in shown
    assert StrictClient().get(public("room", invited)).status_code == 410


def test_a_sealed_desk_shows_and_changes_nothing(
    signed_in: StrictClient, workspace: Workspace, waiting: VideoInvitation
) -> None:
    workspace.sealed_at = timezone.now()
    workspace.save()

    assert "Faire entrer" not in text(signed_in, at("invitation", workspace, waiting.pk))
    assert text(signed_in, at("waiting", workspace)).strip() == ""
    assert signed_in.post(at("let_in", workspace, waiting.pk)).status_code in {403, 409, 422}
    assert StrictClient().get(public("room", waiting)).status_code == 410
    waiting.refresh_from_db()
    assert waiting.state == State.ARRIVED


# The page of the customer


def test_the_page_says_who_invites_and_may_use_the_camera(invited: VideoInvitation) -> None:
    response = StrictClient().get(public("room", invited))

    page = response.content.decode()
    assert f"{invited.inviter_label} vous invite." in page
    assert "Rejoindre sans caméra" in page
    assert "camera=(self)" in response["Permissions-Policy"]
    assert "microphone=(self)" in response["Permissions-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_other_pages_may_not_use_the_camera() -> None:
    response = StrictClient().get(reverse("accounts:login"))

    assert "camera=()" in response["Permissions-Policy"]
    assert "display-capture=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("key", ["1", "a-b", "9" * 19 + "-abc", "1-" + "0" * 32])
def test_a_key_that_was_guessed_opens_nothing(key: str, invited: VideoInvitation) -> None:
    del invited
    assert StrictClient().get(reverse("visio:room", args=[key])).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": State.DONE}, "Cette visio est terminée"),
        ({"state": State.WITHDRAWN}, "Cette invitation est annulée"),
        ({}, "Ce lien a expiré"),
    ],
)
def test_a_link_that_serves_no_more_says_why(
    workspace: Workspace, adviser: User, fields: dict[str, str], words: str
) -> None:
    made = video.invitation(workspace, adviser, **fields)

    response = StrictClient().get(public("room", made))

    assert response.status_code == 410
    assert words in response.content.decode()
    assert "camera=()" in response["Permissions-Policy"]
    assert StrictClient().post(public("come", made)).status_code == 410


def test_before_the_hour_one_may_only_try(workspace: Workspace, adviser: User) -> None:
    later = timezone.now() + timedelta(days=1)
    made = video.invitation(
        workspace, adviser, starts_at=later, expires_at=later + timedelta(hours=1)
    )

    assert 'data-state="early"' in text(StrictClient(), public("room", made))
    response = StrictClient().post(public("come", made), headers=JSON)
    assert response.status_code == 422
    assert response.json()["code"] == "video.not_open_yet"


def test_a_customer_waits_is_let_in_and_no_other_browser_is(
    signed_in: StrictClient, workspace: Workspace, invited: VideoInvitation
) -> None:
    mine, other = StrictClient(), StrictClient()

    came = mine.post(public("come", invited))
    assert came.json() == {"door": "open", "waits": True, "leg": ""}
    cookie = came.cookies[f"visio-{invited.pk}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"

    page = other.get(public("room", invited))
    assert page.status_code == 409
    assert "déjà ouvert ailleurs" in page.content.decode()
    for name in ("come", "wait", "leave"):
        assert (
            other.post(public(name, invited), headers=JSON).json()["code"] == "video.other_device"
        )

    signed_in.post(at("let_in", workspace, invited.pk))
    told = mine.post(public("wait", invited)).json()
    invited.refresh_from_db()
    assert told == {"door": "inside", "waits": False, "leg": invited.leg_key}
    assert other.post(public("wait", invited)).status_code == 409
    assert 'data-state="inside"' in text(mine, public("room", invited))
    join = reverse("calling:join", args=[told["leg"]])
    assert mine.post(join, {"sdp": "v=0\r\n" + "a" * 40_000}).status_code == 200


def test_a_customer_may_go_and_come_again(invited: VideoInvitation) -> None:
    mine = StrictClient()
    mine.post(public("come", invited))

    assert mine.post(public("leave", invited)).json()["waits"] is False
    assert mine.post(public("come", invited)).json()["waits"] is True
