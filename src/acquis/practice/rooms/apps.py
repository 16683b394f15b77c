from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "acquis.practice.rooms"
    label = "rooms"

    def ready(self) -> None:
        # Registers what the candidate's page does over its socket.
        from acquis.practice.rooms import live  # noqa: F401, PLC0415
