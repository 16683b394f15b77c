from django.urls import path

from acquis.certification.frameworks.views import (
    comparing,
    editions,
    imports,
    items,
    publishing,
    review,
)

app_name = "frameworks"
urlpatterns = [
    path("", editions.versions, name="list"),
    path("editions/<int:pk>/", editions.version, name="version"),
    path("editions/<int:pk>/case.json", editions.case_export, name="case"),
    path("editions/<int:pk>/referentiel.json", editions.content_export, name="content"),
    path("comparer/", comparing.compare, name="compare"),
    path("comparer/comparaison.csv", comparing.compare_csv, name="compare_csv"),
    path("imports/", imports.imports, name="imports"),
    path("imports/nouveau/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", review.import_review, name="import_review"),
    path(
        "imports/<int:pk>/documents/<int:file_pk>/", imports.import_document, name="import_document"
    ),
    path("imports/<int:pk>/element/", items.import_item, name="import_item"),
    path("imports/<int:pk>/arranger/", review.import_arrange, name="import_arrange"),
    path("imports/<int:pk>/annuler/", review.import_undo, name="import_undo"),
    path("imports/<int:pk>/corrections/", review.import_history, name="import_history"),
    path("imports/<int:pk>/abandonner/", imports.import_abandon, name="import_abandon"),
    path("imports/<int:pk>/reprendre/", imports.import_reopen, name="import_reopen"),
    path("imports/<int:pk>/publier/", publishing.import_publish, name="import_publish"),
]
