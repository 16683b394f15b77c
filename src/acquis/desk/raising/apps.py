from django.apps import AppConfig


class RaisingConfig(AppConfig):
    name = "acquis.desk.raising"
    label = "raising"
