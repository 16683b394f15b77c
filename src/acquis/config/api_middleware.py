"""What holds for every operation of the HTTP API, whoever wrote it."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.api_auth import authenticate_token
from acquis.config.problems import MEDIA_TYPE, problem, refusal_problem
from acquis.kernel import idempotency
from acquis.kernel.errors import DomainRefusal

PREFIX = "/api/"
KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
GetResponse = Callable[[HttpRequest], HttpResponse]


class ProblemMiddleware:
    """Turns every error below `/api/` that is not yet one into a problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not request.path.startswith(PREFIX) or answer.status_code < 400:
            return answer
        if answer.get("Content-Type", "").startswith(MEDIA_TYPE):
            return answer
        made = problem(answer.status_code, f"http.{answer.status_code}")
        if answer.has_header("Allow"):
            made["Allow"] = answer["Allow"]
        return made


class IdempotencyMiddleware:
    """A POST that carries `Idempotency-Key` is performed once for the person who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None or not request.path.startswith(PREFIX):
            return self.get_response(request)
        if not KEY.fullmatch(key):
            return problem(
                422,
                "idempotency.key_malformed",
                detail=_("La clé a de 1 à 100 lettres, chiffres, tirets ou soulignés."),
            )
        now = timezone.now()
        who = authenticate_token(request.headers.get("Authorization", ""), at=now)
        if who is None:
            return self.get_response(request)  # which refuses the key of the API
        place = f"api:{who.organisation.pk}:{who.user.pk}"
        return self._once(request, place, key)

    def _once(self, request: HttpRequest, place: str, key: str) -> HttpResponse:
        first = False

        def perform() -> tuple[int, Any]:
            nonlocal first
            first = True
            answer = self.get_response(request)
            if answer.status_code >= 300:
                raise _NotKeptError(answer)
            return answer.status_code, json.loads(answer.content or b"null")

        asked = {
            "path": request.get_full_path(),
            "body": hashlib.sha256(request.body).hexdigest(),
        }
        try:
            status, body = idempotency.once(
                place, key, request=asked, at=timezone.now(), perform=perform
            )
        except _NotKeptError as failed:
            return failed.answer
        except DomainRefusal as refusal:
            return refusal_problem(refusal)
        answer = JsonResponse(body, status=status, safe=False)
        if not first:
            answer["Idempotency-Replayed"] = "true"
        return answer


class _NotKeptError(Exception):
    """The request failed: what it wrote is undone and its key stays free."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(answer.status_code)
        self.answer = answer
