"""The public form of call-backs."""

from django.urls import path

from acquis.desk.webchat import call_back_views as views

app_name = "call_back"
urlpatterns = [
    path("<str:key>/", views.ask, name="ask"),
    path("<str:key>/<str:signature>/", views.asked, name="asked"),
    path("<str:key>/<str:signature>/annuler/", views.cancel, name="cancel"),
]
