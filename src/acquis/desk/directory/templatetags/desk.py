"""What templates of the desk need to show customers."""

from django import template
from django.template.context import Context

from acquis.accounts.requests import person
from acquis.desk.directory import policy
from acquis.desk.directory.menu import Menu
from acquis.desk.shell import supervises

register = template.Library()


@register.filter
def spoken_phone(number: str) -> str:
    """A kept number as people read it: « 06 12 34 56 78 »."""
    return policy.spoken_phone(number) if number else ""


@register.simple_tag(takes_context=True)
def framed(context: Context) -> bool:
    """Whether the page is shown inside another of ours, which has its own bars."""
    destination: str = context["request"].headers.get("Sec-Fetch-Dest", "")
    return destination == "iframe"


@register.simple_tag(takes_context=True)
def needs_microphone(context: Context) -> str:
    """Say that this page may use the microphone and the camera: no other page is allowed to."""
    context["request"].needs_microphone = context["request"].needs_camera = True
    return ""


@register.simple_tag(takes_context=True)
def desk_menu(context: Context) -> Menu:
    """What leads to the other pages of the desk, for this person."""
    request, workspace = context["request"], context["workspace"]
    return Menu(
        workspace.pk,
        request.resolver_match.view_name,
        supervises=supervises(person(request), workspace),
    )
