from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "acquis.desk.mail"
    label = "desk_mail"
