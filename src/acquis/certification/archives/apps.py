from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "acquis.certification.archives"
    label = "archives"
