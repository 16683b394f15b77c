from django.urls import include, path

urlpatterns = [
    path("api/", include("acquis.config.api")),
    path("", include("acquis.kernel.urls")),
    path("", include("acquis.accounts.urls")),
    path("reglementation/", include("acquis.regulation.urls")),
    path("referentiels/", include("acquis.certification.frameworks.urls")),
    path("candidats/", include("acquis.certification.registrations.urls")),
    path("jures/", include("acquis.certification.juries.urls")),
    path("sessions/", include("acquis.certification.exam_sessions.urls")),
    path("sujets/", include("acquis.certification.papers.urls")),
    path("epreuves/", include("acquis.certification.sittings.urls")),
    path("notation/", include("acquis.certification.grading.urls")),
    path("documents-officiels/", include("acquis.certification.awards.urls")),
    path("verifier/", include("acquis.certification.awards.verification_urls")),
    path("poste/<int:workspace_id>/clients/", include("acquis.desk.directory.urls")),
    path("poste/<int:workspace_id>/doublons/", include("acquis.desk.merging.urls")),
    path("poste/<int:workspace_id>/imports/", include("acquis.desk.imports.urls")),
    path("poste/<int:workspace_id>/planning/", include("acquis.desk.agenda.urls")),
    path("poste/<int:workspace_id>/connaissances/", include("acquis.desk.knowledge.urls")),
    path("poste/<int:workspace_id>/catalogue/", include("acquis.desk.sales.urls")),
    path("poste/<int:workspace_id>/factures/", include("acquis.desk.billing.urls")),
    path("poste/", include("acquis.desk.conversations.urls")),
    path("poste/<int:workspace_id>/files/", include("acquis.desk.queues.urls")),
    path("poste/<int:workspace_id>/telephone/", include("acquis.desk.phone.urls")),
    path("appeler/", include("acquis.desk.phone.public_urls")),
    path("poste/<int:workspace_id>/visio/", include("acquis.desk.video.urls")),
    path("visio/", include("acquis.desk.video.public_urls")),
    path("poste/<int:workspace_id>/chat/", include("acquis.desk.webchat.urls")),
    path("chat/", include("acquis.desk.webchat.public_urls")),
    path("rappel/", include("acquis.desk.webchat.call_back_urls")),
    path("poste/<int:workspace_id>/messages/", include("acquis.desk.messaging.urls")),
    path("passerelles/", include("acquis.desk.messaging.webhook_urls")),
    path("poste/<int:workspace_id>/courriels/", include("acquis.desk.mail.urls")),
    path("poste/<int:workspace_id>/courriers/", include("acquis.desk.documents.urls")),
    path("poste/<int:workspace_id>/demandes/", include("acquis.desk.cases.urls")),
    path("poste/<int:workspace_id>/contacts-abusifs/", include("acquis.desk.conduct.urls")),
    path("poste/<int:workspace_id>/remontees/", include("acquis.desk.raising.urls")),
    path("entreprises/", include("acquis.practice.enterprises.urls")),
    path("scenarios/", include("acquis.practice.scenarios.urls")),
    path("preuves/", include("acquis.practice.evidence.urls")),
    path("salle/", include("acquis.practice.rooms.urls")),
]

handler400 = "acquis.kernel.views.bad_request"
handler403 = "acquis.kernel.views.forbidden"
handler404 = "acquis.kernel.views.not_found"
handler500 = "acquis.kernel.views.server_error"
