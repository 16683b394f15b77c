from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "acquis.desk.queues"
    label = "queues"

    def ready(self) -> None:
        # Registers what queues decide about the contacts of conversations.
        from acquis.desk.queues import routing  # noqa: F401, PLC0415
