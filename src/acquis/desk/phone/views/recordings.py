from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.phone.access import may_supervise, recording_for
from acquis.desk.phone.actions.keep_recording import delete_recording, listen_to_recording
from acquis.desk.phone.forms import DeleteForm
from acquis.desk.shell import posted
from acquis.kernel import files


@page()
@require_POST
def sound(request: HttpRequest, workspace_id: int, pk: int) -> FileResponse:
    """The sound of a recording. Asked for by POST: each listening is written down."""
    _workspace, recording = recording_for(person(request), workspace_id, pk, write=True)
    file = listen_to_recording(recording=recording, by=person(request), at=timezone.now())
    return files.file_response(file, inline=True)


@page()
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Delete a recording before its time, and say why; for those who supervise."""
    workspace, recording = recording_for(person(request), workspace_id, pk, write=True)
    if not may_supervise(person(request), workspace):
        raise Http404
    form = DeleteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        delete_recording(
            recording=recording,
            why=form.cleaned_data["why"],
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("L’enregistrement est supprimé."))
        return redirect("conversations:conversation", workspace.pk, recording.call.conversation_id)
    context = {"workspace": workspace, "recording": recording, "form": form}
    status = 422 if form.errors else 200
    return render(request, "phone/delete.html", context, status=status)
