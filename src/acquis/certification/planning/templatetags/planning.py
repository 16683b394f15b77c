from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from acquis.certification.planning import presentation
from acquis.certification.planning.drawing import Group, Line
from acquis.certification.planning.models import PlanExam, SeasonPlan
from acquis.kernel.templatetags.ui import badge

register = template.Library()


@register.simple_tag
def plan_state(plan: SeasonPlan) -> SafeString:
    return badge(plan.get_state_display(), presentation.TONES[plan.state])


@register.simple_tag
def plan_exams(plan: SeasonPlan) -> str:
    return presentation.exams_words(plan)


@register.filter
def exam_words(exam: PlanExam) -> str:
    return presentation.exam_words(exam)


@register.filter
def clock(minutes: int) -> str:
    """Minutes from midnight: « 9 h 05 »."""
    return presentation.clock(minutes)


@register.filter
def kind_words(kind: str) -> str:
    return presentation.kind_words(kind)


@register.filter
def kind_letter(kind: str) -> str:
    return presentation.letter(kind)


@register.simple_tag
def block_label(group: Group, line: Line) -> str:
    """What a group of blocks is, for who hears the chart."""
    return _("%(name)s, %(line)s, de %(start)s à %(end)s") % {
        "name": group.name or presentation.kind_words(group.blocks[0].kind),
        "line": line.title,
        "start": presentation.clock(min(block.starts for block in group.blocks)),
        "end": presentation.clock(max(block.ends for block in group.blocks)),
    }
