from django.urls import path

from acquis.practice.evidence import views

app_name = "evidence"
urlpatterns = [
    path("unites/", views.units, name="units"),
    path("<int:candidate_id>/<str:criterion>/", views.beside, name="beside"),
    path("<int:candidate_id>/relire", views.reread, name="reread"),
]
