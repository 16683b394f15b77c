from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "acquis.practice.scenarios"
    label = "scenarios"
