"""The contract, the certifications in the registers, the versions of the schema."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.cpf import (
    access,
    actions,
    policy,
    presentation,
    queries,
    schemas,
    schemata,
)
from acquis.certification.cpf.forms import AccountForm, CertificationForm, XmlForm
from acquis.certification.cpf.models import LoadedSchema, RegisteredCertification
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


@page(Verb.CPF_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    organisation = current_organisation(request)
    account = queries.account_of(organisation)
    form = AccountForm(
        request.POST or None, instance=account, versions=schemata.versions(organisation)
    )
    if request.method == "POST" and form.is_valid():
        actions.keep_account(
            organisation=organisation,
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("Contrat enregistré ; il vaut pour les prochains dépôts."))
        return redirect("cpf:settings")
    return _settings(request, form=form)


def _settings(
    request: HttpRequest,
    *,
    form: AccountForm | None = None,
    schema: XmlForm | None = None,
    refusal: DomainRefusal | None = None,
) -> HttpResponse:
    organisation = current_organisation(request)
    versions = schemata.versions(organisation)
    account = form or AccountForm(instance=queries.account_of(organisation), versions=versions)
    schema = schema or _schema_form()
    context = {
        "form": account,
        "schema_form": schema,
        "refusal": presentation.refusal_shown(refusal),
        "certifications": queries.certifications_shown(organisation),
        "shipped": list(schemas.SHIPPED),
        "loaded": LoadedSchema.objects.filter(organisation=organisation).select_related(
            "file", "loaded_by"
        ),
    }
    wrong = refusal or account.errors or schema.errors
    return render(request, "cpf/settings.html", context, status=REFUSED if wrong else 200)


def _schema_form(*data: Any) -> XmlForm:
    return XmlForm(
        *data,
        label=_("Schéma officiel (XSD)"),
        accept=".xsd,.xml",
        hint=_("Un fichier d’essai est aussitôt vérifié avec lui."),
    )


@page(Verb.CPF_MANAGE)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    form = _schema_form(request.POST, request.FILES)
    if not form.is_valid():
        return _settings(request, schema=form)
    try:
        loaded = actions.load_schema(
            organisation=current_organisation(request),
            content=form.content(),
            name=form.name,
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refused:
        return _settings(request, refusal=refused)
    messages.success(
        request,
        _("Version %(version)s chargée : elle se choisit à chaque dépôt.")
        % {"version": loaded.version},
    )
    return redirect("cpf:settings")


@page(Verb.CPF_MANAGE)
@require_safe
def schema_file(request: HttpRequest, version: str) -> HttpResponse:
    return files.content_response(
        schemata.content_of(current_organisation(request), version),
        name=f"cpf-{version}.xsd",
        media_type="application/xml",
    )


@page(Verb.CPF_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def certification(request: HttpRequest, framework_id: int) -> HttpResponse:
    """How a certification, or the block that `?bloc=` names, stands in the registers."""
    organisation = current_organisation(request)
    framework = access.framework_for(person(request), organisation, framework_id)
    block = request.GET.get("bloc", "")[:40]
    access.refuse_unexamined(organisation, framework, block)
    kept = RegisteredCertification.objects.filter(
        organisation=organisation, framework=framework, block=block
    ).first()
    initial = {"exam_postcode": organisation.postcode} | policy.guessed(framework.code, block)
    form = CertificationForm(request.POST or None, instance=kept, initial=initial, block=block)
    if request.method == "POST" and form.is_valid():
        actions.keep_certification(
            organisation=organisation,
            framework=framework,
            block=block,
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("Inscription au répertoire enregistrée."))
        return redirect("cpf:settings")
    context = {"form": form, "framework": framework, "block": block}
    status = REFUSED if form.errors else 200
    return render(request, "cpf/certification.html", context, status=status)
