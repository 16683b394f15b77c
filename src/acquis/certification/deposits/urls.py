from django.urls import URLPattern, URLResolver, path

from acquis.certification.deposits import views

app_name = "deposits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:pk>/", views.own, name="own"),
    path("<int:pk>/<str:code>/", views.deposit, name="deposit"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/heure/", views.hour, name="hour"),
]
