from django.apps import AppConfig


class VideoConfig(AppConfig):
    name = "acquis.desk.video"
    label = "video"

    def ready(self) -> None:
        # Registers how an invitation follows its appointment.
        from acquis.desk.video import following  # noqa: F401, PLC0415
