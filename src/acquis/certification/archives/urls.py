from django.urls import URLPattern, URLResolver, path

from acquis.certification.archives import views

app_name = "archives"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.retention, name="retention"),
    path("detruire/", views.destroy, name="destroy"),
    path("sessions/<int:session_id>/", views.session, name="session"),
    path("sessions/<int:session_id>/exporter/", views.export, name="export"),
    path("sessions/<int:session_id>/suspendre/", views.hold, name="hold"),
    path("suspensions/<int:hold_id>/lever/", views.lift, name="lift"),
    path("paquets/<int:archive_id>/", views.download, name="download"),
]
