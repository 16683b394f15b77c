from django.urls import path

from acquis.desk.documents.views import letters as views
from acquis.desk.documents.views import posting, templates

app_name = "documents"
urlpatterns = [
    path("", views.index, name="index"),
    path("client/<int:customer_pk>/", views.create, name="create"),
    path("modeles/", templates.index, name="templates"),
    path("modeles/nouveau/", templates.create, name="template_new"),
    path("modeles/<int:pk>/", templates.template, name="template"),
    path("modeles/<int:pk>/retirer/", templates.archive, name="template_archive"),
    path("modeles/<int:pk>/remettre/", templates.restore, name="template_restore"),
    path("a-poster.pdf", posting.together, name="together"),
    path("postees/", posting.post_many, name="post_many"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/enregistrer/", views.save, name="save"),
    path("<int:pk>/relire/", views.proofread, name="proofread"),
    path("<int:pk>/finaliser/", views.finalise, name="finalise"),
    path("<int:pk>/soumettre/", views.submit, name="submit"),
    path("<int:pk>/reprendre/", views.withdraw, name="withdraw"),
    path("<int:pk>/rendre/", views.give_back, name="return"),
    path("<int:pk>/valider/", views.release, name="release"),
    path("<int:pk>/jeter/", views.discard, name="discard"),
    path("<int:pk>/remettre/", views.restore, name="restore"),
    path("<int:pk>/poster/", posting.post, name="post"),
    path("<int:pk>/poster/<int:posting_pk>/suite/", posting.outcome, name="outcome"),
    path("<int:pk>/poster/<int:posting_pk>/annuler/", posting.cancel, name="unpost"),
    path("<int:pk>/lettre.pdf", views.pdf, name="pdf"),
]
