from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from acquis.kernel import gallery, views
from acquis.kernel.pages import public_page

app_name = "kernel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("travaux/", views.job_list, name="jobs"),
    path("travaux/<int:pk>/", views.job, name="job"),
    path("travaux/<int:pk>/arreter/", views.job_cancel, name="job_cancel"),
    path("langue/", public_page(set_language), name="language"),
    path("galerie/", public_page(gallery.gallery), name="gallery"),
    path("galerie/epreuve/", public_page(gallery.gallery_focus), name="gallery_focus"),
    re_path(
        r"^galerie/(?P<name>400|403|404|422|500)/$",
        public_page(gallery.gallery_page),
        name="gallery_page",
    ),
]
