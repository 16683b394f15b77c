"""Pages of appeals for those who handle and examine them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.models import User
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.appeals import access, actions, policy, presentation, queries
from acquis.certification.appeals.actions import AppealData
from acquis.certification.appeals.forms import (
    AdmissibilityForm,
    DecisionForm,
    GroundsForm,
    MemberForm,
    PlaceForm,
    PostForm,
    RegisterForm,
    RuleForm,
    VoiceForm,
)
from acquis.certification.appeals.models import Appeal, CommitteeMember
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import StoredFile

PER_PAGE = 25


@page(Verb.APPEAL_MANAGE, Verb.APPEAL_EXAMINE)
@require_safe
def appeal_list(request: HttpRequest) -> HttpResponse:
    """The appeals of the centre, or those one is named to examine."""
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    found = queries.appeals_for(person(request), current_organisation(request))
    shown = Paginator(queries.search(found, text, state), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": shown,
        "rows": [{"appeal": one, "tone": presentation.TONES[one.state]} for one in shown],
        "q": text,
        "state": state,
        "states": Appeal.State.choices,
        "today": timezone.localtime(timezone.now()).date(),
    }
    return render(request, "appeals/list.html", context)


def papers_of(form: GroundsForm, by: User) -> list[tuple[str, StoredFile]]:
    """What came with the form, kept by its content."""
    paper = form.cleaned_data.get("paper")
    if not paper:
        return []
    kept = files.store_file(paper, media_type=form.media_type, by=by, at=timezone.now())
    return [(paper.name, kept)]


@page(Verb.APPEAL_MANAGE)
def register(request: HttpRequest) -> HttpResponse:
    """Register a letter that came, with its day and its scan."""
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        organisation=current_organisation(request),
        initial={"session": request.GET.get("session", "")},
    )
    if request.method == "POST" and form.is_valid() and form.seat is not None:
        said = form.cleaned_data
        try:
            appeal = actions.lodge_appeal(
                seat=form.seat,
                data=AppealData(
                    channel=Appeal.Channel.LETTER,
                    grounds=said["grounds"],
                    statement=said["statement"],
                    received_on=said["received_on"],
                    papers=papers_of(form, person(request)),
                ),
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le recours %s est enregistré.") % appeal.number)
            return redirect("appeals:detail", appeal.pk)
    status = 422 if form.errors else 200
    return render(request, "appeals/register.html", {"form": form}, status=status)


@page(Verb.APPEAL_MANAGE, Verb.APPEAL_EXAMINE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An appeal with its file, its committee and its letters."""
    return _detail(request, access.readable_appeal(person(request), pk))


def _detail(request: HttpRequest, appeal: Appeal, **refused: forms.Form) -> HttpResponse:
    user, now = person(request), timezone.now()
    handles = access.handles(user, appeal)
    members = {one.quality: one for one in appeal.members.select_related("user")}
    own = next((one for one in members.values() if one.user_id == user.pk), None)
    examined = appeal.state == Appeal.State.ADMISSIBLE
    outcome = policy.outcome({key: one.voice for key, one in members.items()})
    right = queries.right_of(appeal)
    sessions = queries.sessions_to_come(appeal, now)
    context: dict[str, Any] = {
        "appeal": appeal,
        "tone": presentation.TONES[appeal.state],
        "grounds": presentation.grounds(appeal),
        "late": presentation.is_late(appeal),
        "papers": appeal.papers.select_related("file"),
        "pieces": presentation.pieces(appeal),
        "handles": handles,
        "own_case": appeal.seat.session.manager_id == user.pk,
        "committee": [
            {
                "quality": key,
                "label": label,
                "member": members.get(key),
                # Each says their own before reading the others'.
                "shown": own is None or bool(own.voice) or not examined,
                "people": queries.possible_members(appeal, key) if handles and examined else [],
            }
            for key, label in CommitteeMember.Quality.choices
        ],
        "may_judge": handles and appeal.state == Appeal.State.LODGED,
        "may_name": handles and examined,
        "own": own if examined else None,
        "may_decide": examined
        and bool(outcome)
        and own is not None
        and own.quality == policy.DIRECTION,
        "outcome": outcome,
        "awaits": examined and not outcome,
        "letters": [
            {"letter": one, "state": presentation.letter_state(one)} for one in appeal.letters.all()
        ],
        "may_withdraw": handles and appeal.state in policy.IN_HAND,
        "right": right,
        "may_place": handles and right is not None and not right.used_in,
        "sessions": sessions,
        "judge_form": AdmissibilityForm(),
        "voice_form": VoiceForm(
            initial={"voice": own.voice, "reason": own.reason} if own else None
        ),
        "decision_form": DecisionForm(),
        "place_form": PlaceForm(sessions=sessions),
        "post_form": PostForm(),
        "faulty": next(iter(refused.values()), None),
    } | refused
    return render(request, "appeals/detail.html", context, status=422 if refused else 200)


@page(Verb.APPEAL_MANAGE)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the appeal is admissible."""
    appeal = access.handled_appeal(person(request), pk)
    form = AdmissibilityForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.judge_admissibility(
                appeal=appeal,
                admissible=said["admissible"] == "yes",
                standing=said["standing"],
                form=said["form"],
                reason=said["reason"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La recevabilité est enregistrée."))
            return redirect("appeals:detail", pk)
    return _detail(request, appeal, judge_form=form)


@page(Verb.APPEAL_MANAGE)
@require_POST
def name_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who examines the appeal in one quality."""
    appeal = access.handled_appeal(person(request), pk)
    people = User.objects.filter(memberships__organisation=appeal.organisation_id).distinct()
    form = MemberForm(request.POST, people=people)
    if form.is_valid():
        try:
            actions.name_member(
                appeal=appeal, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("appeals:detail", pk)
    return _detail(request, appeal, member_form=form)


@page(Verb.APPEAL_EXAMINE)
@require_POST
def voice(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's own opinion."""
    appeal = access.readable_appeal(person(request), pk)
    form = VoiceForm(request.POST)
    if form.is_valid():
        try:
            actions.give_voice(
                appeal=appeal, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Votre avis est enregistré."))
            return redirect("appeals:detail", pk)
    return _detail(request, appeal, voice_form=form)


@page(Verb.APPEAL_EXAMINE)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Pronounce what the committee decided, and answer the candidate."""
    appeal = access.readable_appeal(person(request), pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(
                appeal=appeal, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La décision est rendue : la lettre part au candidat."))
            return redirect("appeals:detail", pk)
    return _detail(request, appeal, decision_form=form)


@page(Verb.APPEAL_MANAGE)
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the candidate of an accepted appeal in a new session."""
    appeal = access.handled_appeal(person(request), pk)
    form = PlaceForm(request.POST, sessions=queries.sessions_to_come(appeal, timezone.now()))
    if form.is_valid():
        try:
            actions.place_candidate(
                appeal=appeal, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le candidat est inscrit à la nouvelle session."))
            return redirect("appeals:detail", pk)
    return _detail(request, appeal, place_form=form)


@page(Verb.APPEAL_MANAGE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the candidate gave their appeal up."""
    appeal = access.handled_appeal(person(request), pk)
    actions.withdraw_appeal(appeal=appeal, by=person(request), at=timezone.now())
    messages.success(request, _("Le recours est retiré."))
    return redirect("appeals:detail", pk)


@page(Verb.APPEAL_MANAGE, Verb.APPEAL_EXAMINE)
@require_safe
def piece(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A file of the assembled dossier, by its rank."""
    appeal = access.readable_appeal(person(request), pk)
    found = queries.piece(appeal, number)
    if found is None or found["file"] is None:
        raise Http404
    return files.file_response(get_object_or_404(StoredFile, pk=found["file"]), inline=True)


@page(Verb.APPEAL_MANAGE, Verb.APPEAL_EXAMINE)
@require_safe
def letter(request: HttpRequest, pk: int) -> FileResponse:
    return files.file_response(access.readable_letter(person(request), pk).file, inline=True)


@page(Verb.APPEAL_MANAGE)
@require_POST
def post_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a letter left by registered post."""
    found = access.handled_letter(person(request), pk)
    form = PostForm(request.POST)
    if form.is_valid():
        try:
            actions.post_letter(
                letter=found, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’envoi recommandé est noté."))
            return redirect("appeals:detail", found.appeal_id)
    return _detail(request, found.appeal, post_form=form)


@page(Verb.APPEAL_MANAGE)
def rules(request: HttpRequest) -> HttpResponse:
    """The delays of the centre."""
    organisation = current_organisation(request)
    form = RuleForm(request.POST or None, frameworks=queries.frameworks_of(organisation))
    if request.method == "POST" and form.is_valid():
        actions.set_rule(
            organisation=organisation, by=person(request), at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Les délais sont enregistrés."))
        return redirect("appeals:rules")
    context = {"form": form, "rules": queries.rules_of(organisation)}
    return render(request, "appeals/rules.html", context, status=422 if form.errors else 200)
