from django.urls import URLPattern, URLResolver, path

from acquis.certification.papers import views

app_name = "papers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.subject_list, name="list"),
    path("deposer/", views.bring, name="bring"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/ouvrir/", views.open_subject, name="open"),
    path("<int:pk>/soumettre/", views.submit, name="submit"),
    path("<int:pk>/valider/", views.validate, name="validate"),
    path("<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("tirages/<int:pk>/<slug:kind>/", views.draw, name="draw"),
]
