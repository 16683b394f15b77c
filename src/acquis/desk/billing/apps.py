from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "acquis.desk.billing"
    label = "billing"
