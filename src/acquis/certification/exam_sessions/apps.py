from django.apps import AppConfig


class ExamSessionsConfig(AppConfig):
    name = "acquis.certification.exam_sessions"
    label = "exam_sessions"
