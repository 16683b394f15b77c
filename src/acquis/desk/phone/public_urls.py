from django.urls import path

from acquis.desk.phone.views import customer

app_name = "calling"
urlpatterns = [
    path("<slug:key>/", customer.caller, name="caller"),
    path("<slug:key>/sonner/", customer.place, name="place"),
    path("recu/<slug:key>/", customer.invited, name="invited"),
    path("recu/<slug:key>/etat/", customer.state, name="state"),
    path("recu/<slug:key>/rejoindre/", customer.join, name="join"),
    path("recu/<slug:key>/acte/", customer.act, name="act"),
]
