from django.urls import URLPattern, URLResolver, path

from acquis.practice.scenarios import views

app_name = "scenarios"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.shelf, name="shelf"),
    path("<slug:slug>/deposer/", views.install, name="install"),
]
