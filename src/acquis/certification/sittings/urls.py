from django.urls import URLPattern, URLResolver, path

from acquis.certification.sittings import views

app_name = "sittings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sessions/<int:pk>/ouvrir/", views.open_session, name="open_session"),
    path("sessions/<int:pk>/terminer/", views.close_session, name="close_session"),
    path("sessions/<int:pk>/salle/", views.wall, name="wall"),
    path("sessions/<int:pk>/temps/", views.give_time_to_all, name="give_time_to_all"),
    path("sessions/<int:pk>/commencer/", views.start_together, name="start_together"),
    path("candidats/<int:pk>/presence/", views.presence, name="presence"),
    path("jures/<int:pk>/presence/", views.juror_presence, name="juror_presence"),
    path("candidats/<int:pk>/identite/", views.identity, name="identity"),
    path("<int:pk>/autoriser/", views.authorise, name="authorise"),
    path("<int:pk>/suspendre/", views.withdraw, name="withdraw"),
    path("<int:pk>/code/", views.renew_code, name="renew_code"),
    path("<int:pk>/terminer/", views.finish, name="finish"),
    path("<int:pk>/interrompre/", views.abort, name="abort"),
    path("parties/<int:pk>/commencer/", views.start, name="start"),
    path("parties/<int:pk>/terminer/", views.end, name="end"),
    path("parties/<int:pk>/pause/", views.pause, name="pause"),
    path("parties/<int:pk>/reprendre/", views.resume, name="resume"),
    path("parties/<int:pk>/temps/", views.give_time, name="give_time"),
    path("parties/<int:pk>/ecoute/", views.give_hearing, name="give_hearing"),
    path("appels/<int:pk>/traite/", views.answer_call, name="answer_call"),
    path("postes/<int:pk>/autoriser/", views.authorise_device, name="authorise_device"),
]
