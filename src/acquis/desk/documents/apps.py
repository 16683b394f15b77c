from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "acquis.desk.documents"
    label = "documents"
