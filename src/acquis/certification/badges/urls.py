from django.urls import URLPattern, URLResolver, path

from acquis.certification.badges import published_views as published
from acquis.certification.badges import views

app_name = "badges"
urlpatterns: list[URLPattern | URLResolver] = [
    path("verifier/", views.verify, name="verify"),
    path("cles/", views.signing_keys, name="signing_keys"),
    path("miens/<int:document_id>/", views.own, name="own"),
    path("miens/<int:document_id>/fichier/<str:form>/", views.own_file, name="own_file"),
    path("certificats/<int:document_id>/", views.certificate, name="certificate"),
    path("certificats/<int:document_id>/fichier/<str:form>/", views.file, name="file"),
    path("emetteurs/<slug:slug>/", published.issuer, name="issuer"),
    path("emetteurs/<slug:slug>/cles.json", published.jwks, name="jwks"),
    path("emetteurs/<slug:slug>/cles/<str:name>/", published.key, name="key"),
    path("emetteurs/<slug:slug>/titres/<str:place>/", published.achievement, name="achievement"),
    path("emetteurs/<slug:slug>/revocations/", published.revocations, name="revocations"),
]
