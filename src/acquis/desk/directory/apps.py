from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "acquis.desk.directory"
    label = "directory"
