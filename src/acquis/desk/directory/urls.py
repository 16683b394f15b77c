from django.urls import path

from acquis.desk.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.search, name="search"),
    path("export.csv", views.export, name="export"),
    path("nouveau/", views.create, name="create"),
    path("<int:pk>/", views.record, name="record"),
    path("<int:pk>/volet/", views.pane, name="pane"),
    path("<int:pk>/historique/", views.timeline, name="timeline"),
    path("<int:pk>/modifier/", views.change, name="change"),
    path("<int:pk>/notes/", views.note, name="note"),
    path("<int:pk>/ouverture/", views.opened, name="opened"),
]
