from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "acquis.kernel"
    label = "kernel"
