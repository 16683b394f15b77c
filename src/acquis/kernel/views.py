"""The kernel's pages: is it alive, what long work is under way, what went wrong."""

import sys
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from acquis.kernel import jobs, speech, worker
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.media import client as media
from acquis.kernel.models import Job
from acquis.kernel.pages import page, public_page

RETRY_SECONDS = 5  # while the database is away


@public_page
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public_page
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process can serve: the database answers, its tables are current, the worker is alive."""
    checks = {"database": False, "migrations": False, "worker": True}
    try:
        connection.ensure_connection()
        checks["database"] = True
        executor = MigrationExecutor(connection)
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        checks["migrations"] = False
    if settings.EMBEDDED_WORKER:
        checks["worker"] = worker.embedded.alive
    ready = all(checks.values())
    told: dict[str, Any] = {"status": "ok" if ready else "unavailable", "checks": checks}
    told["transcription"] = {"on": speech.transcriber() is not None}
    if settings.SIP["host"]:
        told["trunk"] = _trunk()
    return JsonResponse(told, status=200 if ready else 503)


def _trunk() -> dict[str, Any]:
    """Whether the public network is reached, and since when not; the rest is served without it."""
    try:
        state = media.health().get("trunk")
    except DomainRefusal:
        state = None
    return dict(state or {"up": False, "status": 0, "reason": "no media worker", "since": None})


@page()
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The person's own long work, newest first."""
    found = Job.objects.filter(owner_id=request.user.pk)
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(
        request,
        "kernel/jobs.html",
        {"page_obj": shown, "rows": [_presented(one) for one in shown]},
    )


@page()
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; its fragment is fetched again until it ends."""
    found = get_object_or_404(Job, pk=pk, owner_id=request.user.pk)
    partial = bool(request.headers.get("HX-Request"))
    return render(request, "kernel/_job.html" if partial else "kernel/job.html", _presented(found))


@page()
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Job, pk=pk, owner_id=request.user.pk)
    jobs.cancel(job=found, by=request.user, at=timezone.now())
    return redirect("kernel:job", pk)


def _presented(found: Job) -> dict[str, Any]:
    kind = jobs.KINDS.get(found.kind)
    tones = {"done": "success", "failed": "danger", "cancelled": "warning", "running": "info"}
    return {
        "job": found,
        "title": kind.title if kind else found.kind,
        "links": (found.result or {}).get("links", []),
        "notes": (found.result or {}).get("notes", []),
        "tone": tones.get(found.state, "neutral"),
        "active": found.state in {Job.State.WAITING, Job.State.RUNNING},
    }


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without its token: most often a page left open over a new sign-in."""
    return forbidden(request)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Rendered without the request: what every page knows may be what failed.

    A database that does not answer is no defect: 503, and the page sends again by itself.
    """
    fault = sys.exc_info()[1]
    if isinstance(fault, InterfaceError | OperationalError):
        text = render_to_string("503.html")
        return HttpResponse(text, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)
