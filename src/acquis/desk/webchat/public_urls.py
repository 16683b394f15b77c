"""What visitors reach: no seat, no session."""

from django.urls import path

from acquis.desk.webchat import public_views as views

app_name = "webchat_public"
urlpatterns = [
    path("<str:key>/widget.js", views.script, name="script"),
    path("<str:key>/", views.frame, name="frame"),
    path("<str:key>/essai/", views.trial, name="trial"),
    path("<str:key>/articles/<slug:slug>/", views.article, name="article"),
    path("<str:key>/debut/", views.begin, name="begin"),
    path("<str:key>/fil/", views.thread, name="thread"),
    path("<str:key>/messages/", views.say, name="say"),
    path("<str:key>/fichiers/", views.attach, name="attach"),
    path("<str:key>/fichiers/<str:signature>/", views.file, name="file"),
    path("<str:key>/conseiller/", views.ask_adviser, name="ask_adviser"),
    path("<str:key>/fin/", views.end, name="end"),
    path("<str:key>/avis/", views.rate, name="rate"),
    path("<str:key>/transcription/", views.transcript, name="transcript"),
    path("<str:key>/lu/", views.read, name="read"),
]
