from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

app_name = "kernel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("langue/", set_language, name="language"),
]
