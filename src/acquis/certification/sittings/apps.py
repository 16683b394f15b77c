from django.apps import AppConfig


class SittingsConfig(AppConfig):
    name = "acquis.certification.sittings"
    label = "sittings"
