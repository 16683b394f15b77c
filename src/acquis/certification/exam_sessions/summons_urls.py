"""What the recipient of a summons reaches by their personal link: no seat, no account."""

from django.urls import URLPattern, URLResolver, path

from acquis.certification.exam_sessions import public_views as views

app_name = "summons"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>/", views.show, name="page"),
    path("<str:token>/ouverte/", views.opened, name="opened"),
    path("<str:token>/repondre/", views.answer, name="answer"),
    path("<str:token>/convocation.pdf", views.letter, name="letter"),
    path("<str:token>/convocation.ics", views.event, name="event"),
]
