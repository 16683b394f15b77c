from django.urls import path

from acquis.desk.directory import list_views, part_views, views

app_name = "directory"
urlpatterns = [
    path("", list_views.search, name="search"),
    path("exporter/", list_views.export, name="export"),
    path("exporter/<int:pk>/", list_views.export_file, name="export_file"),
    path("vues/", list_views.view_create, name="view_create"),
    path("vues/<int:pk>/", list_views.view_change, name="view_change"),
    path("vues/<int:pk>/supprimer/", list_views.view_remove, name="view_remove"),
    path("vues/<int:pk>/ouvrir-dessus/", list_views.view_default, name="view_default"),
    path("en-nombre/", list_views.bulk, name="bulk"),
    path("en-nombre/faites/", list_views.bulk_edits, name="bulk_edits"),
    path("en-nombre/<int:pk>/", list_views.bulk_edit, name="bulk_edit"),
    path("en-nombre/<int:pk>/annuler/", list_views.bulk_undo, name="bulk_undo"),
    path("nouveau/", views.create, name="create"),
    path("qui-appelle/", part_views.caller, name="caller"),
    path("champs/", part_views.fields, name="fields"),
    path("champs/<int:pk>/", part_views.field, name="field"),
    path("champs/<int:pk>/archiver/", part_views.field_archive, name="field_archive"),
    path("<int:pk>/", views.record, name="record"),
    path("<int:pk>/volet/", views.pane, name="pane"),
    path("<int:pk>/historique/", views.timeline, name="timeline"),
    path("<int:pk>/modifier/", views.change, name="change"),
    path("<int:pk>/notes/", views.note, name="note"),
    path("<int:pk>/ouverture/", views.opened, name="opened"),
    path("<int:pk>/joindre/", part_views.reach, name="reach"),
    path("<int:pk>/joindre/<slug:part>/", part_views.part, name="part_create"),
    path("<int:pk>/joindre/<slug:part>/<int:part_pk>/", part_views.part, name="part_change"),
    path(
        "<int:pk>/joindre/<slug:part>/<int:part_pk>/retirer/",
        part_views.part_remove,
        name="part_remove",
    ),
    path("<int:pk>/foyer/", part_views.household, name="household"),
    path("<int:pk>/foyer/quitter/", part_views.household_leave, name="household_leave"),
    path("<int:pk>/accords/", part_views.consents, name="consents"),
    path("<int:pk>/demarchage/", part_views.calling, name="calling"),
]
