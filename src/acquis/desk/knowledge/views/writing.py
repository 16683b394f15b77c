from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge import presentation
from acquis.desk.knowledge.access import may_be_helped
from acquis.desk.knowledge.errors import WritingHelpOff
from acquis.kernel import writing

LONGEST_CHECKED = 8000  # signs


@page()
@require_POST
def remarks(request: HttpRequest, workspace_id: int) -> JsonResponse:
    """Remarks on what is typed now; nothing is kept, nothing is counted.

    Refused to a candidate in a private copy: what is written in an exam is theirs alone.
    """
    workspace = workspace_for(person(request), workspace_id)
    if not may_be_helped(person(request), workspace):
        raise WritingHelpOff
    text = request.POST.get("text", "")[:LONGEST_CHECKED]
    known = [workspace.name, person(request).full_name]
    asked = request.POST.get("client", "")
    if asked.isdecimal() and len(asked) < 16:
        customer = Customer.objects.filter(workspace=workspace, pk=int(asked)).first()
        if customer is not None:
            known += [customer.display_name, customer.city]
    found = presentation.remarks(text, channel=request.POST.get("canal", ""), known=known)
    return JsonResponse({"remarks": found, "engine": writing.engine()})
