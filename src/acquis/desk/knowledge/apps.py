from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "acquis.desk.knowledge"
    label = "knowledge"
