from django.urls import path

from acquis.certification.frameworks import views

app_name = "frameworks"
urlpatterns = [
    path("", views.versions, name="list"),
    path("editions/<int:pk>/", views.version, name="version"),
    path("editions/<int:pk>/case.json", views.case_export, name="case"),
    path("editions/<int:pk>/referentiel.json", views.content_export, name="content"),
    path("comparer/", views.compare, name="compare"),
    path("imports/", views.imports, name="imports"),
    path("imports/nouveau/", views.import_new, name="import_new"),
    path("imports/<int:pk>/", views.import_review, name="import_review"),
    path("imports/<int:pk>/element/", views.import_item, name="import_item"),
    path("imports/<int:pk>/arranger/", views.import_arrange, name="import_arrange"),
    path("imports/<int:pk>/annuler/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/publier/", views.import_publish, name="import_publish"),
]
