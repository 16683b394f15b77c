from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "acquis.desk.merging"
    label = "merging"
