from django.urls import path

from acquis.desk.webchat import views

app_name = "webchat"
urlpatterns = [
    path("", views.sites, name="sites"),
    path("nouveau/", views.create, name="create"),
    path("sites/<int:pk>/", views.site, name="site"),
    path("sites/<int:pk>/cle/", views.renew, name="renew"),
    path("conversations/<int:pk>/saisie/", views.typing, name="typing"),
    path("conversations/<int:pk>/lecture/", views.panel, name="panel"),
    path("rappels/", views.call_backs, name="call_backs"),
    path("rappels/<int:pk>/", views.call_back, name="call_back"),
    path("rappels/<int:pk>/appeler/", views.take, name="take"),
    path("rappels/<int:pk>/resultat/", views.attempt, name="attempt"),
    path("rappels/<int:pk>/annuler/", views.cancel, name="cancel"),
]
