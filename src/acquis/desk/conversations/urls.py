from django.urls import path

from acquis.desk.conversations import views

app_name = "conversations"
urlpatterns = [
    path("", views.desks, name="desks"),
    path("<int:workspace_id>/", views.desk, name="desk"),
    path("<int:workspace_id>/palette/", views.palette, name="palette"),
    path("<int:workspace_id>/file/", views.queue, name="queue"),
    path("<int:workspace_id>/conversations/<int:pk>/", views.conversation, name="conversation"),
    path("<int:workspace_id>/conversations/<int:pk>/ouvert/", views.opened, name="opened"),
    path("<int:workspace_id>/conversations/<int:pk>/fil/", views.thread, name="thread"),
    path("<int:workspace_id>/conversations/<int:pk>/etat/", views.exchange, name="exchange"),
    path("<int:workspace_id>/conversations/<int:pk>/client/", views.customer, name="customer"),
    path("<int:workspace_id>/conversations/<int:pk>/prendre/", views.accept, name="accept"),
    path("<int:workspace_id>/conversations/<int:pk>/messages/", views.send, name="send"),
    path("<int:workspace_id>/conversations/<int:pk>/fichier/", views.attach, name="attach"),
    path("<int:workspace_id>/conversations/<int:pk>/lu/", views.read, name="read"),
    path("<int:workspace_id>/conversations/<int:pk>/notes/", views.note, name="note"),
    path(
        "<int:workspace_id>/conversations/<int:pk>/notes/<int:note_pk>/",
        views.withdraw,
        name="withdraw",
    ),
    path("<int:workspace_id>/conversations/<int:pk>/identifier/", views.identify, name="identify"),
    path("<int:workspace_id>/conversations/<int:pk>/terminer/", views.end, name="end"),
    path("<int:workspace_id>/conversations/<int:pk>/qualifier/", views.qualify, name="qualify"),
    path("<int:workspace_id>/pieces-jointes/<int:pk>/", views.attachment, name="attachment"),
    path("<int:workspace_id>/contacts/<int:customer_pk>/", views.contact, name="contact"),
]
