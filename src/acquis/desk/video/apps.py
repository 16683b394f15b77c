from django.apps import AppConfig


class VideoConfig(AppConfig):
    name = "acquis.desk.video"
    label = "video"
