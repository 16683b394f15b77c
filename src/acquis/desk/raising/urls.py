from django.urls import path

from acquis.desk.raising import views

app_name = "raising"
urlpatterns = [
    path("", views.index, name="index"),
    path("export.csv", views.export, name="export"),
    path("nouvelle/", views.create, name="create"),
    path("alerte/<int:pk>/", views.from_alert, name="from_alert"),
    path("<int:pk>/", views.raised, name="raised"),
    path("<int:pk>/moi-aussi/", views.me_too, name="me_too"),
    path("<int:pk>/demande/", views.tie, name="tie"),
    path("<int:pk>/suite/", views.answer, name="answer"),
    path("<int:pk>/lue/", views.read, name="read"),
]
