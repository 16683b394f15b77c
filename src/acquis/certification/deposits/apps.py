from django.apps import AppConfig


class DepositsConfig(AppConfig):
    name = "acquis.certification.deposits"
    label = "deposits"
