from django.urls import URLPattern, URLResolver, path, re_path

from acquis.certification.registrations.views import candidates, enrolments, importing, papers

app_name = "registrations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", candidates.candidate_list, name="list"),
    path("nouveau/", candidates.create, name="create"),
    path("import/", importing.import_list, name="import"),
    re_path(
        r"^import/modele\.(?P<form>csv|xlsx|ods)$",
        importing.import_template,
        name="import_template",
    ),
    path("import/<slug:sha256>/", importing.import_preview, name="import_preview"),
    path("<int:pk>/", candidates.detail, name="detail"),
    path("<int:pk>/modifier/", candidates.edit, name="edit"),
    path("<int:pk>/inscrire/", candidates.enrol, name="enrol"),
    path("<int:pk>/compte/", candidates.open_account, name="open_account"),
    path("inscriptions/<int:enrolment_id>/", enrolments.enrolment, name="enrolment"),
    path(
        "inscriptions/<int:enrolment_id>/amenagements/", enrolments.accommodate, name="accommodate"
    ),
    path(
        "amenagements/<int:accommodation_id>/",
        enrolments.change_accommodation,
        name="change_accommodation",
    ),
    path(
        "amenagements/<int:accommodation_id>/terminer/",
        enrolments.end_accommodation,
        name="end_accommodation",
    ),
    path(
        "inscriptions/<int:enrolment_id>/recevabilite/", papers.admissibility, name="admissibility"
    ),
    path("inscriptions/<int:enrolment_id>/organismes/", enrolments.revise, name="revise"),
    path("inscriptions/<int:enrolment_id>/livret/", papers.hold_block, name="hold_block"),
    path(
        "inscriptions/<int:enrolment_id>/livret/<int:held_id>/retirer/",
        papers.withdraw_held,
        name="withdraw_held",
    ),
    path("inscriptions/<int:enrolment_id>/pieces/", papers.deposit, name="deposit"),
    path("pieces/<int:proof_id>/", papers.proof_file, name="proof_file"),
    path("pieces/<int:proof_id>/verifier/", papers.verify, name="verify"),
]
