from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "acquis.desk.sales"
    label = "sales"
