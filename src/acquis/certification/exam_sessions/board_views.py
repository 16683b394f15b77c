"""The board of deadlines of a centre: what every application must have done by a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.access import may
from acquis.accounts.pages import page, public_page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import digests, feeds, presentation
from acquis.kernel import deadlines as board
from acquis.kernel import files, sheets
from acquis.kernel.deadlines import Deadline, Urgency

PER_PAGE = 25


class PeriodForm(forms.Form):
    """The days between which something is due; a day that is none asks for nothing."""

    du = forms.DateField(required=False)
    au = forms.DateField(required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address asks for; empty asks for nothing."""

    text: str
    kind: str
    urgency: str
    mark: str
    exam: str
    since: date | None
    until: date | None
    done: bool  # what is done is shown too

    @property
    def asks(self) -> bool:
        return any(
            (self.text, self.kind, self.urgency, self.mark, self.exam, self.since, self.until)
        )

    def holds(self, one: Deadline, today: date) -> bool:
        urgency = one.urgency(today)
        words = f"{one.title} {one.text} {one.exam}".lower()
        # Looked for by what became of it, what is done is wanted.
        hidden = urgency == Urgency.DONE and not (self.done or self.urgency or self.mark)
        return (
            not hidden
            and (not self.kind or one.kind == self.kind)
            and (not self.mark or self.mark in one.marks)
            and (not self.urgency or urgency == self.urgency)
            and (not self.exam or one.exam == self.exam)
            and (self.since is None or (one.due is not None and one.due >= self.since))
            and (self.until is None or (one.due is not None and one.due <= self.until))
            and all(word in words for word in self.text.lower().split())
        )


def _wanted(request: HttpRequest) -> Wanted:
    said = request.GET
    period = PeriodForm(said)
    period.is_valid()
    return Wanted(
        text=said.get("q", "").strip(),
        kind=said.get("nature", ""),
        urgency=said.get("urgence", ""),
        mark=said.get("suivi", ""),
        exam=said.get("examen", ""),
        since=period.cleaned_data.get("du"),
        until=period.cleaned_data.get("au"),
        done=said.get("tenues") == "1",
    )


@page(Verb.SESSION_MANAGE, Verb.FRAMEWORK_PUBLISH)
@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """All that must be done by a day, the most urgent first; what is done on demand."""
    user, organisation = person(request), current_organisation(request)
    now = timezone.now()
    today = timezone.localtime(now).date()
    wanted = _wanted(request)
    everything = board.board(
        user, organisation, now, today, lambda verb: may(user, verb, organisation)
    )
    found = [one for one in everything if wanted.holds(one, today)]
    labels = {each.code: each.label for each in board.kinds()}
    if request.GET.get("format") == "csv":
        return _csv(_rows(found, labels, today), today)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["format"] = "csv"
    query.pop("page", None)
    return render(
        request,
        "exam_sessions/deadlines.html",
        {
            "page_obj": shown,
            "rows": _rows(list(shown), labels, today),
            "wanted": wanted,
            "kinds": [(code, label) for code, label in labels.items() if _seen(code, everything)],
            "exams": sorted({one.exam for one in everything if one.exam}),
            "urgencies": [
                (value.value, words) for value, (words, _tone) in presentation.URGENCIES.items()
            ],
            "marks": presentation.MARKS,
            "digest": digests.is_wanted(user, organisation),
            "feed": feeds.feed_of(user, organisation),
            "csv": f"?{query.urlencode()}",
        },
    )


def _seen(code: str, everything: Sequence[Deadline]) -> bool:
    return any(one.kind == code for one in everything)


def _rows(found: Sequence[Deadline], labels: dict[str, Any], today: date) -> list[dict[str, Any]]:
    rows = []
    for one in found:
        words, tone = presentation.URGENCIES[one.urgency(today)]
        left = presentation.days_left(one.due, today) if not one.done else ""
        rows.append(
            {"deadline": one, "kind": labels[one.kind], "label": words, "tone": tone, "left": left}
        )
    return rows


def _csv(rows: Sequence[dict[str, Any]], today: date) -> HttpResponse:
    """The same lines for a spreadsheet, in the order of the page."""
    heads = [
        _("Urgence"), _("Avant le"), _("Nature"), _("Objet"), _("Examen"), _("Précisions"), _("Suivi"),
    ]  # fmt: skip
    lines = [
        [
            str(row["label"]),
            f"{row['deadline'].due:%d/%m/%Y}" if row["deadline"].due else "",
            str(row["kind"]),
            row["deadline"].title,
            row["deadline"].exam,
            row["deadline"].text,
            ", ".join(f"{words} : {number}" for words, number in row["deadline"].facts),
        ]
        for row in rows
    ]
    return files.content_response(
        sheets.csv_text(heads, lines).encode(),
        name=f"echeances-{today.isoformat()}.csv",
        media_type=sheets.MEDIA_TYPES["csv"],
    )


@page(Verb.SESSION_MANAGE, Verb.FRAMEWORK_PUBLISH)
@require_POST
def open_feed(request: HttpRequest) -> HttpResponse:
    """Give one's calendar an address; the page shows it once."""
    user, organisation = person(request), current_organisation(request)
    token = feeds.open_feed(user=user, organisation=organisation, at=timezone.now())
    address = reverse("exam_sessions:feed", args=[token])
    context = {"address": settings.PUBLIC_ADDRESS.rstrip("/") + address}
    return render(request, "exam_sessions/feed.html", context)


@page(Verb.SESSION_MANAGE, Verb.FRAMEWORK_PUBLISH)
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    user, organisation = person(request), current_organisation(request)
    feeds.revoke_feed(user=user, organisation=organisation, at=timezone.now())
    messages.success(request, _("L’adresse de votre agenda n’ouvre plus rien."))
    return redirect("exam_sessions:deadlines")


@public_page
@never_cache
@require_safe
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The board as a calendar program reads it: the secret of the address stands for its person."""
    found = feeds.feed_of_token(token)
    if found is None:
        raise Http404
    with translation.override("fr"):
        content = feeds.calendar_of(found, timezone.now())
    return files.content_response(
        content, name="echeances.ics", media_type="text/calendar; charset=utf-8"
    )


@page(Verb.SESSION_MANAGE, Verb.FRAMEWORK_PUBLISH)
@require_POST
def choose_digest(request: HttpRequest) -> HttpResponse:
    """Switch one's own daily mail of deadlines on or off."""
    wanted = request.POST.get("wanted") == "1"
    digests.choose(user=person(request), organisation=current_organisation(request), wanted=wanted)
    if wanted:
        messages.success(request, _("Vous recevrez vos échéances par courriel."))
    else:
        messages.success(request, _("Vous ne recevrez plus vos échéances par courriel."))
    return redirect("exam_sessions:deadlines")
