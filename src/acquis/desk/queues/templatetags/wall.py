"""Figures of the wall in templates."""

from django import template

from acquis.desk.queues import presentation

register = template.Library()
register.filter("percent", presentation.percent)
register.filter("lasting", presentation.lasting)
