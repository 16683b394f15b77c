from django import template
from django.utils.safestring import SafeString

from acquis.certification.planning import presentation
from acquis.certification.planning.models import SeasonPlan
from acquis.kernel.templatetags.ui import badge

register = template.Library()


@register.simple_tag
def plan_state(plan: SeasonPlan) -> SafeString:
    return badge(plan.get_state_display(), presentation.TONES[plan.state])


@register.filter
def clock(minutes: int) -> str:
    """Minutes from midnight: « 9 h 05 »."""
    return presentation.clock(minutes)


@register.filter
def kind_words(kind: str) -> str:
    return presentation.kind_words(kind)
