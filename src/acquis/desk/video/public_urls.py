"""What a customer reaches by the link of their invitation: no seat, no account."""

from django.urls import path

from acquis.desk.video import public_views as views

app_name = "visio"
urlpatterns = [
    path("<slug:key>/", views.room, name="room"),
    path("<slug:key>/arriver/", views.come, name="come"),
    path("<slug:key>/attendre/", views.wait, name="wait"),
    path("<slug:key>/partir/", views.leave, name="leave"),
]
