from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "acquis.practice.evidence"
    label = "evidence"
