from django.urls import path

from acquis.desk.cases.views import difficult, following, lists, matters, settings

app_name = "cases"
urlpatterns = [
    path("", lists.index, name="index"),
    path("export.csv", lists.export, name="export"),
    path("reglages/", settings.rules, name="rules"),
    path("reglages/codes/", settings.codes, name="codes"),
    path("reglages/codes/<int:pk>/", settings.code, name="code"),
    path("delegation/", difficult.authority, name="authority"),
    path("reclamations/", difficult.board, name="complaints"),
    path("client/<int:customer_pk>/", following.open_for, name="open"),
    path("<int:pk>/", following.case, name="case"),
    path("<int:pk>/suite/", following.comment, name="comment"),
    path("<int:pk>/suivie-par/", following.assign, name="assign"),
    path("<int:pk>/prendre/", following.take, name="take"),
    path("<int:pk>/clore/", following.close, name="close"),
    path("<int:pk>/rouvrir/", following.reopen, name="reopen"),
    path("<int:pk>/suivante/", following.follow_up, name="follow_up"),
    path("<int:pk>/satisfaction/", following.satisfaction, name="satisfaction"),
    path("<int:pk>/diagnostic/", matters.diagnose, name="diagnose"),
    path("<int:pk>/second-niveau/", matters.ask, name="ask"),
    path("<int:pk>/second-niveau/reponse/", matters.answer, name="answer"),
    path("<int:pk>/criticite/", difficult.weigh, name="weigh"),
    path("<int:pk>/etat/", difficult.stage, name="stage"),
    path("<int:pk>/solution/", difficult.propose, name="propose"),
    path("<int:pk>/solution/<int:option_pk>/decider/", difficult.decide, name="decide"),
    path("<int:pk>/accord/", difficult.settle, name="settle"),
    path("<int:pk>/accord/<int:agreement_pk>/confirmer/", difficult.consensus, name="consensus"),
    path("<int:pk>/lien/", matters.link, name="link"),
    path("<int:pk>/lien/<int:link_pk>/retirer/", matters.unlink, name="unlink"),
    path("<int:pk>/separer/", matters.unmerge, name="unmerge"),
    path("<int:pk>/procedure/", matters.procedure, name="procedure"),
    path("<int:pk>/etape/<int:step_pk>/", matters.tick, name="tick"),
]
