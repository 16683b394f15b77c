from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "acquis.desk.conversations"
    label = "conversations"
