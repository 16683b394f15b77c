from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "acquis.certification.registrations"
    label = "registrations"
