from django.apps import AppConfig


class RegulationConfig(AppConfig):
    name = "acquis.regulation"
    label = "regulation"
