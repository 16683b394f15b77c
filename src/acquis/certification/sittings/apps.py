from django.apps import AppConfig


class SittingsConfig(AppConfig):
    name = "acquis.certification.sittings"
    label = "sittings"

    def ready(self) -> None:
        """Register who may hear of an exam."""
        from acquis.certification.sittings import access  # noqa: F401, PLC0415
