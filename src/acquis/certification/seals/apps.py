from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "acquis.certification.seals"
    label = "seals"
