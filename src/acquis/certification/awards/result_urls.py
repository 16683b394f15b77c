"""What a candidate reaches by the personal link of their result: no account."""

from django.urls import URLPattern, URLResolver, path

from acquis.certification.awards import public_views as views

app_name = "results"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>/", views.show, name="page"),
    path("<str:token>/ouvert/", views.opened, name="opened"),
    path("<str:token>/recu/", views.acknowledge, name="acknowledge"),
    path("<str:token>/fiche.pdf", views.sheet, name="sheet"),
]
