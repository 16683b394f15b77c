from django.urls import URLPattern, URLResolver, path

from acquis.certification.exam_sessions import views

app_name = "exam_sessions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.session_list, name="list"),
    path("nouvelle/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/modifier/", views.edit, name="edit"),
    path("<int:pk>/annuler/", views.cancel, name="cancel"),
    path("<int:pk>/candidats/", views.add_candidates, name="add_candidates"),
    path("<int:pk>/jures/", views.add_jurors, name="add_jurors"),
    path("candidats/<int:pk>/retirer/", views.remove_candidate, name="remove_candidate"),
    path("jures/<int:pk>/retirer/", views.remove_juror, name="remove_juror"),
    path("jures/<int:pk>/presider/", views.name_president, name="name_president"),
    path("<int:pk>/convocations/", views.summons, name="summons"),
    path("<int:pk>/convocations/emettre/", views.issue_summons, name="issue_summons"),
    path("convocations/<int:pk>.pdf", views.summons_file, name="summons_file"),
    path("<int:pk>/emargement.pdf", views.attendance, name="attendance"),
    path("<int:pk>/incident/", views.incident, name="incident"),
    path("<int:pk>/journal/", views.journal, name="journal"),
]
