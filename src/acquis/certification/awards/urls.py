from django.urls import URLPattern, URLResolver, path

from acquis.certification.awards.views import documents, notices, results

app_name = "awards"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mes-resultats/", results.own, name="own_results"),
    path("mes-resultats/<int:document_id>/", results.own_file, name="own_file"),
    path("mes-resultats/ouverts/", results.own_opened, name="own_opened"),
    path("mes-resultats/<int:document_id>/recu/", results.own_acknowledge, name="own_acknowledge"),
    path("candidats/<int:seat_id>/blocs/", documents.blocks, name="blocks"),
    path("sessions/<int:session_id>/communication/", notices.session, name="notices"),
    path("sessions/<int:session_id>/communication/envoyer/", notices.tell, name="tell"),
    path("sessions/<int:session_id>/communication/avis/", notices.take_report, name="take_report"),
    path("sessions/<int:session_id>/communication/preuve.pdf", notices.proof, name="proof"),
    path("communication/<int:notice_id>/renvoyer/", notices.tell_again, name="tell_again"),
    path("communication/<int:notice_id>/remise/", notices.hand_over, name="hand_over"),
    path("sessions/<int:session_id>/", documents.session, name="session"),
    path("sessions/<int:session_id>/etablir/", documents.write, name="write"),
    path("sessions/<int:session_id>/emettre/", documents.issue, name="issue"),
    path("sessions/<int:session_id>/sceller/", documents.seal, name="seal"),
    path("<int:document_id>/", documents.document, name="document"),
    path("<int:document_id>/fichier/", documents.download, name="download"),
    path("<int:document_id>/signer/", documents.sign, name="sign"),
    path("<int:document_id>/contresigner/", documents.sign_as_manager, name="countersign"),
    path("<int:document_id>/revoquer/", documents.revoke, name="revoke"),
    path("<int:document_id>/rectifier/", documents.correct, name="correct"),
]
