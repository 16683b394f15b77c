from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "acquis.desk.cases"
    label = "cases"
