from django.apps import AppConfig


class WebchatConfig(AppConfig):
    name = "acquis.desk.webchat"
    label = "webchat"

    def ready(self) -> None:
        # Registers who may follow who is writing, and what leaves by mail or at its hour.
        from acquis.desk.webchat import news, tasks  # noqa: F401, PLC0415
