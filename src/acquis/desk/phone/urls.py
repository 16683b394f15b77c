from django.urls import path

from acquis.desk.phone.views import calls, recordings

app_name = "phone"
urlpatterns = [
    path("", calls.index, name="index"),
    path("barre/", calls.bar, name="bar"),
    path("reglages/", calls.line, name="line"),
    path("appels/<int:pk>/", calls.panel, name="panel"),
    path("appels/<int:pk>/repondre/", calls.answer, name="answer"),
    path("appels/<int:pk>/acte/", calls.act, name="act"),
    path("appels/<int:pk>/rejoindre/", calls.join, name="join"),
    path("appels/<int:pk>/rappeler/", calls.call_back, name="call_back"),
    path("clients/<int:customer_pk>/", calls.dial, name="dial"),
    path("enregistrements/<int:pk>/son/", recordings.sound, name="sound"),
    path("enregistrements/<int:pk>/supprimer/", recordings.delete, name="delete"),
]
