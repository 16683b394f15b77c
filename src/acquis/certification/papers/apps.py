from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "acquis.certification.papers"
    label = "papers"
