"""What a visitor of a customer's site reaches: the widget, its data, and articles to read.

No page here knows who is signed in at the desk: a visitor is known by the token in the header
`X-Visitor`, which no other site can make a browser send.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page, public_page
from acquis.accounts.requests import person
from acquis.desk.knowledge import policy as knowledge
from acquis.desk.shell import day_in_paris
from acquis.desk.webchat import presentation, queries
from acquis.desk.webchat.access import chat_of, digest, file_of_link, site_of_key
from acquis.desk.webchat.actions import end_chat as ending
from acquis.desk.webchat.actions import speak
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.actions.open_chat import Opening, open_chat
from acquis.desk.webchat.models import Chat, Site
from acquis.kernel import files
from acquis.kernel.typography import undisguised

EMBED = Path(__file__).parent / "static" / "webchat" / "embed.js"
EMBED_SECONDS = 300  # how long a browser keeps the script that embeds the chat
LONGEST_BODY = 64 * 1024
Known = Mapping[str, str]


@cache
def _embed() -> str:
    return EMBED.read_text(encoding="utf-8")


@public_page
@require_GET
def script(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001
    """The one script that a customer's site holds; it makes the frame of the widget."""
    site_of_key(key)
    answer = HttpResponse(_embed(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={EMBED_SECONDS}"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@public_page
@xframe_options_exempt
@require_GET
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """The widget, which only the origins of the site may hold in a frame."""
    site = site_of_key(key)
    asked = request.GET.get("lang", "")[:2]
    language = asked if asked in {"fr", "en"} else (get_language() or "fr")[:2]
    now = timezone.now()
    with override(language):
        hours = queries.hours_of(site)
        context = {
            "site": site,
            "language": language,
            "notice": presentation.notice_of(site),
            "is_open": hours.is_open(now),
            "closed_words": presentation.opening_words(hours, now),
            "offers_call": site.calls_open,
        }
        answer = render(request, "webchat/frame.html", context)
    answer._csp_replace = {"frame-ancestors": ["'self'", *site.origins]}  # type: ignore[attr-defined]  # noqa: SLF001  django-csp's own way
    answer["Cache-Control"] = "no-store"
    return answer


@page()
@require_GET
def trial(request: HttpRequest, key: str) -> HttpResponse:
    """A page that bears the widget as a customer's site would, for those who set it up."""
    site = site_of_key(key)
    workspace = workspace_for(person(request), site.workspace_id)
    return render(request, "webchat/trial.html", {"site": site, "workspace": workspace})


@public_page
@require_GET
def article(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """An article that visitors may read."""
    site = site_of_key(key)
    today = day_in_paris(timezone.now())
    found = get_object_or_404(queries.public_articles(site.workspace, today=today), slug=slug)
    context = {
        "site": site,
        "house": presentation.house_of(site.workspace),
        "article": found,
        "rendered": knowledge.rendered(found.body, found.title),
    }
    return render(request, "webchat/article.html", context)


@public_page
@require_GET
def file(request: HttpRequest, key: str, signature: str) -> FileResponse:
    """A file of one's own exchange, to save; a picture may be shown."""
    found = file_of_link(site_of_key(key), signature)
    shown = "voir" in request.GET and found.file.media_type in presentation.PICTURES
    return files.file_response(found.file, inline=shown, name=found.name)


@csrf_exempt
@public_page
@require_POST
def begin(request: HttpRequest, key: str) -> JsonResponse:
    """Begin an exchange under the token that the browser drew."""
    site = site_of_key(key)
    said = _said(request)
    token = request.headers.get("X-Visitor", "")
    now = timezone.now()
    chat = open_chat(
        site=site,
        said=Opening(
            name=said.get("name", ""),
            email=said.get("email", ""),
            question=said.get("question", ""),
            client_key=said.get("client_key", ""),
            page_url=said.get("page_url", ""),
            page_title=said.get("page_title", ""),
            language=(get_language() or "fr")[:2],
        ),
        token=token,
        token_digest=digest(token),
        address_digest=digest(f"{site.pk} {request.META.get('REMOTE_ADDR', '')}"),
        at=now,
    )
    return _state(site, token, chat)


@public_page
@require_GET
def thread(request: HttpRequest, key: str) -> HttpResponse:
    """The exchange as it is; nothing (204) while it is as `?v=` says it was."""
    site = site_of_key(key)
    chat = _chat(request, site)
    shown = presentation.state_of(chat, at=timezone.now())
    if request.GET.get("v") == shown["version"]:
        return HttpResponse(status=204)
    return _json(shown)


@csrf_exempt
@public_page
@require_POST
def say(request: HttpRequest, key: str) -> JsonResponse:
    site = site_of_key(key)
    said = _said(request)
    chat = _chat(request, site)
    speak.say(
        chat=chat,
        body=said.get("body", ""),
        client_key=said.get("client_key", ""),
        at=timezone.now(),
    )
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def attach(request: HttpRequest, key: str) -> JsonResponse:
    site = site_of_key(key)
    chat = _chat(request, site)
    sent = request.FILES.get("file")
    if sent is None:
        raise BadRequest("file")
    speak.attach(
        chat=chat,
        file=sent,
        client_key=request.POST.get("client_key", ""),
        at=timezone.now(),
    )
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def ask_adviser(request: HttpRequest, key: str) -> JsonResponse:
    """« Parler à un conseiller »."""
    site = site_of_key(key)
    said = _said(request)
    chat = _chat(request, site)
    hand_over(chat=chat, email=said.get("email", ""), at=timezone.now())
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def end(request: HttpRequest, key: str) -> JsonResponse:
    site = site_of_key(key)
    chat = _chat(request, site)
    ending.end_chat(chat=chat, at=timezone.now())
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def rate(request: HttpRequest, key: str) -> JsonResponse:
    site = site_of_key(key)
    said = _said(request)
    chat = _chat(request, site)
    score = said.get("score", "")
    ending.rate_chat(
        chat=chat,
        score=int(score) if score.isdecimal() and len(score) < 3 else 0,
        comment=said.get("comment", ""),
        at=timezone.now(),
    )
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def transcript(request: HttpRequest, key: str) -> JsonResponse:
    site = site_of_key(key)
    said = _said(request)
    chat = _chat(request, site)
    ending.ask_transcript(chat=chat, email=said.get("email", ""), at=timezone.now())
    return _state(site, request.headers.get("X-Visitor", ""), chat)


@csrf_exempt
@public_page
@require_POST
def read(request: HttpRequest, key: str) -> HttpResponse:
    """How far the visitor has read."""
    site = site_of_key(key)
    said = _said(request)
    chat = _chat(request, site)
    position = said.get("position", "")
    ending.mark_read(
        chat=chat,
        position=int(position) if position.isdecimal() and len(position) < 8 else 0,
    )
    return HttpResponse(status=204)


def _chat(request: HttpRequest, site: Site) -> Chat:
    return chat_of(site, request.headers.get("X-Visitor", ""))


def _state(site: Site, token: str, chat: Chat) -> JsonResponse:
    """The exchange after an act, read again."""
    del chat
    return _json(presentation.state_of(chat_of(site, token), at=timezone.now()))


def _json(shown: Mapping[str, Any]) -> JsonResponse:
    answer = JsonResponse(shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _said(request: HttpRequest) -> Known:
    """The fields of a JSON body, as texts. Raises BadRequest.

    Only JSON is taken: a form of another site cannot send it.
    """
    if request.content_type != "application/json" or len(request.body) > LONGEST_BODY:
        raise BadRequest("json")
    try:
        fields = json.loads(request.body)
        return {str(name): undisguised(str(value)) for name, value in fields.items()}
    except (ValueError, AttributeError) as error:
        raise BadRequest("json") from error
