"""What templates of the desk need to show customers."""

from django import template

from acquis.desk.directory import policy

register = template.Library()


@register.filter
def spoken_phone(number: str) -> str:
    """A kept number as people read it: « 06 12 34 56 78 »."""
    return policy.spoken_phone(number) if number else ""
