from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "acquis.certification.frameworks"
    label = "frameworks"
