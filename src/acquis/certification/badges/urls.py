from django.urls import URLPattern, URLResolver, path

from acquis.certification.badges import views

app_name = "badges"
urlpatterns: list[URLPattern | URLResolver] = [
    path("emetteurs/<slug:slug>/", views.issuer, name="issuer"),
    path("emetteurs/<slug:slug>/cles.json", views.jwks, name="jwks"),
    path("emetteurs/<slug:slug>/cles/<str:name>/", views.key, name="key"),
    path("emetteurs/<slug:slug>/titres/<str:place>/", views.achievement, name="achievement"),
    path("emetteurs/<slug:slug>/revocations/", views.revocations, name="revocations"),
]
