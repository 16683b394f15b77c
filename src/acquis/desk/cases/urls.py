from django.urls import path

from acquis.desk.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/suite/", views.comment, name="comment"),
    path("<int:pk>/clore/", views.close, name="close"),
    path("<int:pk>/rouvrir/", views.reopen, name="reopen"),
    path("client/<int:customer_pk>/", views.open_for, name="open"),
]
