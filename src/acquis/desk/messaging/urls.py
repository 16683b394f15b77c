from django.urls import path

from acquis.desk.messaging.views import pages

app_name = "messaging"
urlpatterns = [
    path("", pages.deliveries, name="deliveries"),
    path("ecrire/<int:customer_pk>/", pages.write, name="write"),
    path("passerelles/", pages.gateways, name="gateways"),
    path("passerelles/nouvelle/", pages.gateway_new, name="gateway_new"),
    path("passerelles/<int:pk>/", pages.gateway, name="gateway"),
    path("passerelles/<int:pk>/secret/", pages.secret, name="secret"),
    path("modeles/", pages.template, name="template"),
    path("modeles/<int:pk>/retrait/", pages.template_remove, name="template_remove"),
]
