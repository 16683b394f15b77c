from django.urls import path

from acquis.desk.agenda import views

app_name = "agenda"
urlpatterns = [
    path("", views.index, name="index"),
    path("rendez-vous/", views.create, name="create"),
    path("ressources/", views.resource, name="resource"),
    path("ressources/<int:pk>/retirer/", views.retire, name="retire"),
    path("<int:pk>/", views.appointment, name="appointment"),
    path("<int:pk>/deplacer/", views.shift, name="move"),
    path("<int:pk>/annuler/", views.call_off, name="cancel"),
    path("<int:pk>/rendez-vous.ics", views.calendar, name="calendar"),
]
