import json

from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from acquis.accounts.pages import public_page
from acquis.desk.messaging import events
from acquis.desk.messaging.access import calling_gateway
from acquis.desk.messaging.actions.receive import receive_message, receive_receipt
from acquis.desk.messaging.errors import EventInvalid
from acquis.kernel.errors import DomainRefusal


@csrf_exempt
@public_page
@require_POST
def receive(request: HttpRequest, key: str) -> JsonResponse:
    """What a gateway tells us (docs/gateways.md); the signature stands for who it is.

    202 when it is taken, 200 when it was known already: both end the gateway's own attempts.
    """
    now = timezone.now()
    try:
        gateway = calling_gateway(
            key,
            timestamp=request.headers.get("X-Acquis-Timestamp", ""),
            body=_body(request),
            signature=request.headers.get("X-Acquis-Signature", ""),
            at=now,
        )
        event = events.read(_json(_body(request)))
        kept = (
            receive_message(gateway=gateway, incoming=event, at=now)
            if isinstance(event, events.Incoming)
            else receive_receipt(gateway=gateway, receipt=event, at=now)
        )
    except DomainRefusal as refusal:
        told = {"code": refusal.code, "detail": str(refusal)}
        return JsonResponse(told, status=refusal.status, content_type="application/problem+json")
    return JsonResponse({"accepted": kept is not None}, status=202 if kept is not None else 200)


def _body(request: HttpRequest) -> bytes:
    """What was sent; nothing for a form, which was read before and bears no valid signature."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def _json(body: bytes) -> object:
    try:
        read: object = json.loads(body)
    except ValueError as error:
        raise EventInvalid(what="JSON") from error
    return read
