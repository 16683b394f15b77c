from django.urls import path

from acquis.desk.merging import views

app_name = "merging"
urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("chercher/", views.scan, name="scan"),
    path("<int:pk>/decider/", views.decide, name="decide"),
    path("fiche/<int:customer_pk>/", views.similar, name="similar"),
    path("fiche/<int:customer_pk>/fusionner/", views.compare, name="compare"),
    path("fusions/", views.merges, name="merges"),
    path("fusions/<int:pk>/", views.merge, name="merge"),
    path("fusions/<int:pk>/defaire/", views.undo, name="undo"),
]
