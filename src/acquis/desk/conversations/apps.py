from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "acquis.desk.conversations"
    label = "conversations"

    def ready(self) -> None:
        # Registers who may follow the news of a desk.
        from acquis.desk.conversations import news  # noqa: F401, PLC0415
