from django.urls import path

from acquis.desk.messaging.views import webhook

app_name = "gateways"
urlpatterns = [path("<slug:key>/", webhook.receive, name="receive")]
