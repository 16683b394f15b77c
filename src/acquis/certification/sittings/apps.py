from django.apps import AppConfig


class SittingsConfig(AppConfig):
    name = "acquis.certification.sittings"
    label = "sittings"

    def ready(self) -> None:
        from acquis.certification.sittings import live  # noqa: F401, PLC0415
