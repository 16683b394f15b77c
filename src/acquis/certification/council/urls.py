from django.urls import URLPattern, URLResolver, path

from acquis.certification.council import views

app_name = "council"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.pack_list, name="list"),
    path("<int:pk>/", views.pack, name="pack"),
    path("<int:pk>/preparer/", views.write_again, name="write_again"),
    path("<int:pk>/dossier.pdf", views.pdf, name="pdf"),
    path("<int:pk>/chiffres/<slug:form>/", views.export, name="export"),
    path("<int:pk>/jures/", views.key, name="key"),
    path("<int:pk>/recompter/", views.recount, name="recount"),
    path("avis/<int:pk>/", views.answer, name="answer"),
]
