from django.urls import URLPattern, URLResolver, path

from acquis.certification.awards.views import verification

app_name = "verification"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", verification.form, name="form"),
    path("<str:code>/", verification.certificate, name="certificate"),
]
