from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "acquis.practice.rooms"
    label = "rooms"
