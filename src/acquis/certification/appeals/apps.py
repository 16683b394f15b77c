from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "acquis.certification.appeals"
    label = "appeals"
