from django.urls import path

from acquis.desk.queues import times_views, views

app_name = "queues"
urlpatterns = [
    path("", views.index, name="index"),
    path("nouvelle/", views.edit, name="create"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/supprimer/", views.remove, name="remove"),
    path("competences/<int:pk>/", views.skills, name="skills"),
    path("barre/", views.bar, name="bar"),
    path("offres/<int:pk>/accepter/", views.accept, name="accept"),
    path("offres/<int:pk>/refuser/", views.refuse, name="refuse"),
    path("qualification/<int:pk>/prolonger/", views.extend, name="extend"),
    path("presence/", views.presence, name="presence"),
    path("presence/signe/", views.sign, name="sign"),
    path("transmettre/<int:pk>/", views.transfer, name="transfer"),
    path("temps/", times_views.mine, name="my_times"),
    path("temps/equipe/", times_views.team, name="times"),
    path("temps/equipe/export/", times_views.export, name="times_export"),
    path("temps/equipe/<int:pk>/", times_views.adviser, name="times_of"),
    path("pilotage/", views.wall, name="wall"),
    path("pilotage/reorienter/<int:pk>/", views.reroute, name="reroute"),
    path("pilotage/etat/<int:pk>/", views.set_state, name="set_state"),
    path("pilotage/export/", views.export, name="export"),
]
