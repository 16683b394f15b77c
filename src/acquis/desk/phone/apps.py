from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "acquis.desk.phone"
    label = "phone"

    def ready(self) -> None:
        # Registers what the media worker is told and what it tells, and the jobs on recordings.
        from acquis.desk.phone import tasks  # noqa: F401, PLC0415
