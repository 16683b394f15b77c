from django.urls import path

from acquis.desk.video import views

app_name = "video"
urlpatterns = [
    path("", views.index, name="index"),
    path("attente/", views.waiting, name="waiting"),
    path("clients/<int:customer_pk>/", views.invite_customer, name="invite"),
    path("echanges/<int:exchange_pk>/", views.invite_in_exchange, name="invite_here"),
    path("<int:pk>/", views.invitation, name="invitation"),
    path("<int:pk>/faire-entrer/", views.open_door, name="let_in"),
    path("<int:pk>/deplacer/", views.change_slot, name="move"),
    path("<int:pk>/annuler/", views.cancel, name="withdraw"),
    path("<int:pk>/nouveau-lien/", views.new_link, name="renew"),
]
