from django.urls import URLPattern, URLResolver, path

from acquis.certification.juries import views

app_name = "juries"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.juror_list, name="list"),
    path("nouveau/", views.create, name="create"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/modifier/", views.edit, name="edit"),
    path("<int:pk>/registre/", views.retire, name="retire"),
    path("<int:pk>/liens/", views.declare_link, name="declare_link"),
    path("liens/<int:pk>/retirer/", views.withdraw_link, name="withdraw_link"),
]
