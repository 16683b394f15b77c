from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "acquis.certification.grading"
    label = "grading"
