from django.urls import URLPattern, URLResolver, path

from acquis.certification.registrations import views

app_name = "registrations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.candidate_list, name="list"),
    path("nouveau/", views.create, name="create"),
    path("import/", views.import_list, name="import"),
    path("import/<slug:sha256>/", views.import_preview, name="import_preview"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/modifier/", views.edit, name="edit"),
    path("<int:pk>/inscrire/", views.enrol, name="enrol"),
    path("<int:pk>/compte/", views.open_account, name="open_account"),
]
