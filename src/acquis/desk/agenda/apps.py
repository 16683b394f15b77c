from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "acquis.desk.agenda"
    label = "agenda"
