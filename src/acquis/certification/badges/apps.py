from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "acquis.certification.badges"
    label = "badges"
