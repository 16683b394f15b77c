"""What templates of the desk need to show customers."""

from django import template
from django.template.context import Context

from acquis.desk.directory import policy

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
