from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "acquis.desk.messaging"
    label = "messaging"
