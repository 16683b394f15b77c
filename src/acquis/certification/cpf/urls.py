from django.urls import URLPattern, URLResolver, path, re_path

from acquis.certification.cpf.views import deposits, passages, reports, settings

app_name = "cpf"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", passages.passage_list, name="list"),
    path("deposer/", passages.open_one, name="open"),
    re_path(r"^passages\.(?P<form>csv|xlsx|ods)$", passages.export, name="export"),
    path("passages/<int:pk>/", passages.passage, name="passage"),
    path("passages/<int:pk>/precisions/", passages.particulars, name="particulars"),
    path("depots/", deposits.deposit_list, name="deposits"),
    path("depots/<int:pk>/", deposits.deposit, name="deposit"),
    path("depots/<int:pk>/reprendre/", deposits.write_again, name="write_again"),
    path("depots/<int:pk>/envoyer/", deposits.send, name="send"),
    path("depots/<int:pk>/annuler/", deposits.cancel, name="cancel"),
    path("depots/<int:pk>/clore/", deposits.close, name="close"),
    path("fichiers/<int:file_id>/", deposits.download, name="file"),
    path("rapports/", reports.bring, name="report"),
    path("rapports/<int:report_id>/", reports.download, name="report_file"),
    path("reglages/", settings.settings, name="settings"),
    path("reglages/schema/", settings.load, name="load_schema"),
    path("reglages/schemas/<str:version>/", settings.schema_file, name="schema_file"),
    path(
        "reglages/certifications/<int:framework_id>/", settings.certification, name="certification"
    ),
]
