from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "acquis.certification.juries"
    label = "juries"
