from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "acquis.practice.enterprises"
    label = "enterprises"
