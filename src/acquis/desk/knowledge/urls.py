from django.urls import path

from acquis.desk.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.article, name="article"),
    path("<slug:slug>/ouverture/", views.opened, name="opened"),
]
