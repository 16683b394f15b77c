from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "acquis.certification.awards"
    label = "awards"
