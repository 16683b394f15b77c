from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "acquis.certification.incidents"
    label = "incidents"
