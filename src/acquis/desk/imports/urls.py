from django.urls import path

from acquis.desk.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("nouveau/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/lecture/", views.reading, name="reading"),
    path("<int:pk>/colonnes/", views.columns, name="columns"),
    path("<int:pk>/importer/", views.start, name="start"),
    path("<int:pk>/arreter/", views.stop, name="stop"),
    path("<int:pk>/annuler/", views.undo, name="undo"),
    path("<int:pk>/abandonner/", views.discard, name="discard"),
    path("<int:pk>/erreurs.csv", views.faults, name="faults"),
]
