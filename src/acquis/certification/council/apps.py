from django.apps import AppConfig


class CouncilConfig(AppConfig):
    name = "acquis.certification.council"
    label = "council"
