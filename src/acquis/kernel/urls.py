from django.urls import URLPattern, URLResolver, path, re_path
from django.views.i18n import set_language

from acquis.kernel import gallery

app_name = "kernel"
urlpatterns: list[URLPattern | URLResolver] = [
    path("langue/", set_language, name="language"),
    path("galerie/", gallery.gallery, name="gallery"),
    path("galerie/epreuve/", gallery.gallery_focus, name="gallery_focus"),
    re_path(r"^galerie/(?P<name>400|403|404|422|500)/$", gallery.gallery_page, name="gallery_page"),
]
