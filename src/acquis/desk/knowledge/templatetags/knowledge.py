"""What a template adds to a text area so that the tools of writing serve it."""

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from acquis.accounts.models import Workspace
from acquis.accounts.requests import person
from acquis.desk.directory.models import Customer
from acquis.desk.directory.templatetags.desk import framed
from acquis.desk.knowledge.access import may_be_helped

register = template.Library()


@register.simple_tag(takes_context=True)
def writing_tools(
    context: Context,
    workspace: Workspace,
    channel: str = "",
    customer: Customer | None = None,
    subject: str = "",
) -> SafeString:
    """The attributes of a text area, or of an element that holds some.

    `data-snippets` is where its canned answers are asked, `data-writing-help` where its text is
    read over. The second is absent for a candidate in a private copy, and inside the exam room's
    frame.
    """
    asked = QueryDict(mutable=True)
    asked["canal"] = channel
    if customer is not None:
        asked["client"] = str(customer.pk)
    if subject:
        asked["objet"] = subject
    snippets = f"{reverse('knowledge:snippet_choices', args=[workspace.pk])}?{asked.urlencode()}"
    tools = format_html('data-snippets="{}"', snippets)
    if framed(context) or not may_be_helped(person(context["request"]), workspace):
        return tools
    return (
        tools
        + mark_safe(" ")
        + format_html(
            'data-writing-help="{}" data-writing-channel="{}" data-writing-customer="{}"',
            reverse("knowledge:remarks", args=[workspace.pk]),
            channel,
            customer.pk if customer else "",
        )
    )
