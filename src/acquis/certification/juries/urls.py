from django.urls import URLPattern, URLResolver, path, re_path

from acquis.certification.juries import list_views, views

app_name = "juries"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.juror_list, name="list"),
    path("nouveau/", views.create, name="create"),
    path("import/", list_views.import_list, name="import"),
    re_path(
        r"^import/modele\.(?P<form>csv|xlsx|ods)$",
        list_views.import_template,
        name="import_template",
    ),
    path("import/<slug:sha256>/", list_views.import_preview, name="import_preview"),
    path("export/", list_views.export, name="export"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/modifier/", views.edit, name="edit"),
    path("<int:pk>/registre/", views.retire, name="retire"),
    path("<int:pk>/liens/", views.declare_link, name="declare_link"),
    path("liens/<int:pk>/retirer/", views.withdraw_link, name="withdraw_link"),
]
