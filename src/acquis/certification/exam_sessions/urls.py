from django.urls import URLPattern, URLResolver, path

from acquis.certification.exam_sessions import (
    accreditation_views,
    board_views,
    summons_views,
    views,
)

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
    path("<int:pk>/convocations/", summons_views.summons, name="summons"),
    path("<int:pk>/convocations/emettre/", summons_views.issue_summons, name="issue_summons"),
    path("<int:pk>/convocations/planifier/", summons_views.plan_sending, name="plan_sending"),
    path("<int:pk>/convocations/avis/", summons_views.take_report, name="take_report"),
    path("echeances/", board_views.deadlines, name="deadlines"),
    path("echeances/courriel/", board_views.choose_digest, name="choose_digest"),
    path("echeances/agenda/", board_views.open_feed, name="open_feed"),
    path("echeances/agenda/revoquer/", board_views.revoke_feed, name="revoke_feed"),
    path("echeances/agenda/<str:token>.ics", board_views.feed, name="feed"),
    path("agrements/", accreditation_views.show, name="accreditations"),
    path(
        "agrements/<int:accreditation_id>/retirer/",
        accreditation_views.withdraw,
        name="withdraw_accreditation",
    ),
    path("convocations/<int:pk>.pdf", summons_views.summons_file, name="summons_file"),
    path("<int:pk>/emargement.pdf", summons_views.attendance, name="attendance"),
    path("<int:pk>/incident/", views.incident, name="incident"),
    path("<int:pk>/journal/", views.journal, name="journal"),
]
