from django.urls import URLPattern, URLResolver, path

from acquis.certification.seals import views

app_name = "seals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.certificate, name="certificate"),
    path("retirer/", views.retire, name="retire"),
    path("verifier/", views.verify, name="verify"),
]
