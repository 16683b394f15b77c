from django.apps import AppConfig


class CpfConfig(AppConfig):
    name = "acquis.certification.cpf"
    label = "cpf"
