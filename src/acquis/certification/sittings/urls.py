from django.urls import URLPattern, URLResolver

app_name = "sittings"
urlpatterns: list[URLPattern | URLResolver] = []
