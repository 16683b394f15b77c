from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "acquis.certification.planning"
    label = "planning"
