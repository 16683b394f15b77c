from django.urls import path

from acquis.desk.mail.views import journal, mailboxes, writing

app_name = "mail"
urlpatterns = [
    path("", journal.journal, name="journal"),
    path("<int:pk>/", journal.mail, name="mail"),
    path("<int:pk>/contenu/", journal.shown, name="shown"),
    path("<int:pk>/source/", journal.source, name="source"),
    path("<int:pk>/renvoyer/", writing.retry, name="retry"),
    path("ecrire/<int:customer_pk>/", writing.write, name="write"),
    path("repondre/<int:pk>/", writing.start, name="start"),
    path("echange/<int:pk>/", writing.exchange, name="exchange"),
    path("brouillons/<int:pk>/", writing.draft, name="draft"),
    path("brouillons/<int:pk>/garder/", writing.save, name="save"),
    path("brouillons/<int:pk>/joindre/", writing.attach, name="attach"),
    path("brouillons/<int:pk>/envoyer/", writing.send, name="send"),
    path("brouillons/<int:pk>/annuler/", writing.undo, name="undo"),
    path("brouillons/<int:pk>/jeter/", writing.discard, name="discard"),
    path("fichiers/<int:pk>/", writing.file, name="file"),
    path("fichiers/<int:pk>/retirer/", writing.detach, name="detach"),
    path("boites/", mailboxes.mailboxes, name="mailboxes"),
    path("boites/nouvelle/", mailboxes.create, name="mailbox_new"),
    path("boites/<int:pk>/", mailboxes.mailbox, name="mailbox"),
    path("boites/<int:pk>/essai/", mailboxes.attempt, name="mailbox_try"),
    path("boites/<int:pk>/pause/", mailboxes.pause, name="mailbox_pause"),
    path("mis-de-cote/<int:pk>/", mailboxes.settle, name="set_aside"),
]
