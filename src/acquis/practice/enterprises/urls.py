from django.urls import URLPattern, URLResolver, path

from acquis.practice.enterprises import views

app_name = "enterprises"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.enterprise_list, name="list"),
    path("installer/", views.load, name="load"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/copies/", views.copies, name="copies"),
    path("copies/<int:pk>/sceller/", views.seal, name="seal"),
    path("copies/<int:pk>/supprimer/", views.remove, name="remove"),
]
