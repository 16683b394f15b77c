from django.urls import path

from acquis.desk.billing import views

app_name = "billing"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.invoice, name="invoice"),
]
