from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "acquis.desk.imports"
    label = "imports"
