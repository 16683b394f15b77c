"""Calls as the pages show them."""

import json
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.phone import policy, queries
from acquis.desk.phone.access import may_supervise
from acquis.desk.phone.models import Call, Leg, Line, Recording
from acquis.desk.phone.policy import Unreachable
from acquis.kernel.media import client as media

_REASONS: dict[Unreachable, str | Promise] = {
    Unreachable.NOT_A_NUMBER: _("ce n’est pas un numéro de téléphone."),
    Unreachable.TOO_SHORT: _("il lui manque des chiffres."),
    Unreachable.TOO_LONG: _("il a trop de chiffres."),
    Unreachable.UNKNOWN_COUNTRY: _("son indicatif de pays n’existe pas."),
    Unreachable.IMPOSSIBLE: _("il ne correspond à aucun plan de numérotation."),
}


REFUSALS = {401, 403, 407}  # of SIP
SILENCES = {0, 408, 502, 503, 504}
# What a call of ours that came to nothing leaves to do, in the words of whoever placed it.
AGAIN = frozenset(
    {"missed", "message", "lost", "interrupted", "busy", "no_answer", "failed"}
)  # endings after which the person may be called from the exchange
_ADVICE: dict[str, str | Promise] = {
    Call.Ending.BUSY: _("La personne est déjà en ligne : rappelez dans quelques minutes."),
    Call.Ending.NO_ANSWER: _("Personne n’a décroché : rappelez plus tard, ou écrivez."),
    Call.Ending.DECLINED: _("La personne a refusé l’appel."),
    Call.Ending.UNASSIGNED: _("Ce numéro n’est attribué à personne : vérifiez-le sur la fiche."),
    Call.Ending.REFUSED: _(
        "L’opérateur n’a pas accepté cet appel. Réessayez ; si cela dure, prévenez l’exploitant."
    ),
    Call.Ending.FAILED: _(
        "L’appel n’est pas parti : l’opérateur ou le réseau ne répond pas. Réessayez dans un "
        "instant ; si cela dure, prévenez l’exploitant."
    ),
}


def reason_of(why: Unreachable) -> str:
    return str(_REASONS[why])


def outage_of(line: Line) -> dict[str, Any] | None:
    """Since when calls neither come from outside nor leave, and why; nothing while they do."""
    if not line.number or line.outage_since is None:
        return None
    why: str | Promise
    if line.outage_status in REFUSALS:
        why = _("l’opérateur refuse notre identifiant ou notre mot de passe")
    elif line.outage_status in SILENCES:
        why = _("l’opérateur ne répond pas")
    else:
        why = _("l’opérateur répond par l’erreur %(status)s") % {"status": line.outage_status}
    return {"since": line.outage_since, "why": why}


def bar_context(
    workspace: Workspace, user: User, *, may_write: bool, now: datetime
) -> dict[str, Any]:
    """The bar at the foot of every page of the desk: my call, what rings, what I am asked."""
    leg = queries.leg_of(user, workspace)
    ringing = queries.ringing_for(workspace, user, now) if may_write else []
    mine = leg if leg is not None and leg.state == Leg.State.JOINED else None
    asked = leg if leg is not None and leg.state == Leg.State.RINGING else None
    first = ringing[0] if ringing and mine is None else None
    context: dict[str, Any] = {
        "workspace": workspace,
        "leg": mine,
        "call": mine.call if mine else None,
        "invitation": asked,
        "incoming": first,
        "others_ringing": max(0, len(ringing) - (1 if first else 0)),
        "callers": callers_of(workspace, first) if first else [],
        "spoken_number": spoken_phone(first.number) if first and first.number else "",
        "others": [],
        "colleagues": [],
        "may_write": may_write,
        "now": now,
        "ice_servers": json.dumps(media.ice_servers(now)),
        "colleague": None,
        "supervisor": None,
        "customer_leg": None,
        "recorded": False,
        "outgoing": False,
        "by_video": False,
        "played": False,  # somebody plays the customer: no page that answers is shown
        "outage": None,  # told to supervisors when nothing else stands there
    }
    if mine is not None:
        context |= _my_call(workspace, user, mine)
    elif asked is None and first is None and may_supervise(user, workspace):
        context["outage"] = outage_of(queries.line_of(workspace))
    return context


def _my_call(workspace: Workspace, user: User, mine: Leg) -> dict[str, Any]:
    call = mine.call
    legs = list(call.legs.exclude(state=Leg.State.LEFT).order_by("pk"))
    colleague = next((one for one in legs if one.side == Leg.Side.COLLEAGUE), None)
    busy = queries.busy_people(workspace)
    return {
        "others": [one for one in legs if one.pk != mine.pk],
        "customer_leg": next((one for one in legs if one.side == Leg.Side.CUSTOMER), None),
        "colleague": colleague,
        "supervisor": next((one for one in legs if one.side == Leg.Side.SUPERVISOR), None),
        "colleagues": [one for one in queries.colleagues(workspace, user) if one.pk not in busy],
        "recorded": call.recording_state in {"announced", "on", "paused"},
        "outgoing": call.conversation.direction == Conversation.Direction.OUT,
        "by_video": call.conversation.channel == Conversation.Channel.VIDEO,
        "played": queries.line_of(workspace).played,
    }


def callers_of(workspace: Workspace, call: Call) -> list[queries.Caller]:
    """Whoever was identified already, else whom the number tells."""
    customer = call.conversation.customer
    if customer is not None:
        return [queries.Caller(customer, known=True)]
    return queries.callers(workspace, call.number)


def panel_context(conversation: Conversation, user: User) -> dict[str, Any]:
    """What stands above the exchange: how the call goes or went, its recordings."""
    call = Call.objects.filter(conversation=conversation).select_related("returns").first()
    if call is None:
        return {"call": None}
    workspace = conversation.workspace
    legs = list(call.legs.order_by("pk"))
    returned = call.returned_by.order_by("pk").first()
    return {
        "call": call,
        "legs": legs,
        "spoken_number": spoken_phone(call.number) if call.number else "",
        "recordings": [_shown(recording) for recording in queries.recordings(call)],
        "returned_by": returned,
        "on_the_line": any(
            leg.user_id == user.pk and leg.state == Leg.State.JOINED for leg in legs
        ),
        "may_supervise": may_supervise(user, workspace),
        "seconds": _seconds(call),
        "advice": _ADVICE.get(call.ending, "")
        if conversation.direction == Conversation.Direction.OUT
        else "",
        "may_call_again": call.ending in AGAIN,
    }


def _shown(recording: Recording) -> dict[str, Any]:
    labels = [part.label for part in recording.parts.all()]
    lanes = list(zip(labels, recording.peaks, strict=False))
    return {"recording": recording, "lanes": lanes, "ready": recording.state == "ready"}


def _seconds(call: Call) -> int | None:
    if call.answered_at is None or call.ended_at is None:
        return None
    return max(0, int((call.ended_at - call.answered_at).total_seconds()))


def customer_state(leg: Leg, *, now: datetime) -> dict[str, Any]:
    """What the page of a customer is told of their call; nothing of the desk besides."""
    call = leg.call
    line = queries.line_of(leg.workspace)
    others = [one for one in queries.present(call) if one.pk != leg.pk]
    supervised = any(one.side == Leg.Side.SUPERVISOR for one in others)
    staff = next((one.label for one in others if one.side != Leg.Side.SUPERVISOR), "")
    incoming = call.conversation.direction == Conversation.Direction.IN
    ringing = call.state == Call.State.RINGING
    returned = _return_of(call)
    return {
        "state": str(call.state),
        "leg": str(leg.state),
        "direction": "in" if incoming else "out",
        "adviser": staff,
        "held": call.held or call.consulting,
        "recording": str(call.recording_state),
        "supervised": supervised,
        "ending": str(call.ending),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "may_leave_message": ringing
        and incoming
        and line.voicemail
        and policy.may_leave_message(
            rang_since=call.offered_at,
            now=now,
            ring_seconds=queries.rings_until_message(line, now),
        ),
        "returned": returned.key if returned else None,
    }


def _return_of(call: Call) -> Leg | None:
    """The leg of a call that the desk places in return of this one, while it rings."""
    if call.state != Call.State.ENDED:
        return None
    return (
        Leg.objects.filter(
            call__returns=call, call__state=Call.State.RINGING, side=Leg.Side.CUSTOMER
        )
        .order_by("-pk")
        .first()
    )
