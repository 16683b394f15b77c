"""A desk full of chats, made in the database that the environment names.

`python -m benchmarks._conversations_desk ADVISERS CHATS` prints, as JSON, what the browser of each
adviser and of each visitor would hold: a cookie or a token, and the exchanges of each.
"""

import json
import sys
from datetime import datetime
from typing import Any

ALWAYS = {str(day): "00:00-23:59" for day in range(7)}
ASKED = "Bonjour, ma commande est arrivée incomplète."


def build(advisers: int, chats: int) -> dict[str, Any]:
    """A live desk, its advisers, and chats that each of them has taken, shared out evenly."""
    from django.db import transaction
    from django.utils import timezone

    from acquis.accounts.enums import Role, WorkspaceKind
    from acquis.accounts.models import Membership, Organisation, User, Workspace
    from acquis.desk.webchat.models import Site

    at = timezone.now()
    with transaction.atomic():
        house = Organisation.objects.create(name="Maison des mesures", slug="mesures")
        desk = Workspace.objects.create(
            organisation=house, kind=WorkspaceKind.LIVE, name="Poste des mesures", created_at=at
        )
        site = Site.objects.create(
            workspace=desk, name="Boutique", key="mesures", key_issued_for=desk.pk,
            automatic=False, hours=ALWAYS, on_holidays=True, created_at=at,
        )  # fmt: skip
        people = []
        for number in range(advisers):
            user = User.objects.create_user(
                f"c{number:03}@mesures.example", first_name="Camille", last_name=f"C{number:03}"
            )
            Membership.objects.create(user=user, organisation=house, role=Role.ADVISER)
            people.append({"user": user, "chats": []})
        visitors = []
        for number in range(chats):
            chosen = people[number % advisers]
            visitors.append(_chat(site, number, by=chosen["user"], at=at))
            chosen["chats"].append(visitors[-1]["conversation"])
    return {
        "workspace": desk.pk,
        "site": site.key,
        "visitors": visitors,
        "advisers": [
            {"user": one["user"].pk, "cookie": _cookie(one["user"]), "chats": one["chats"]}
            for one in people
        ],
    }


def _chat(site: Any, number: int, *, by: Any, at: datetime) -> dict[str, Any]:
    """A visitor who asked for an adviser, and has one."""
    from acquis.desk.conversations.actions.accept_conversation import accept_conversation
    from acquis.desk.webchat.access import digest
    from acquis.desk.webchat.actions.open_chat import Opening, open_chat

    token = f"{number:043}"
    said = Opening(
        name=f"Visiteur {number:03}",
        email=f"v{number:03}@client.example",
        question=ASKED,
        client_key=f"first-{number}",
    )
    chat = open_chat(
        site=site, said=said, token=token, token_digest=digest(token),
        address_digest=digest(f"address {number}"), at=at,
    )  # fmt: skip
    accept_conversation(conversation=chat.conversation, by=by, at=at)  # type: ignore[arg-type]
    return {"token": token, "conversation": chat.conversation_id}


def _cookie(user: Any) -> str:
    """A signed-in session, without the second that a password's hash takes."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2]))))
