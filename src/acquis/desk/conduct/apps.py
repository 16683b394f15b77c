from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "acquis.desk.conduct"
    label = "conduct"
