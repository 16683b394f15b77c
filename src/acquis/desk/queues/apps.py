from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "acquis.desk.queues"
    label = "queues"
