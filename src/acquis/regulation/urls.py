from django.urls import URLPattern, URLResolver

app_name = "regulation"
urlpatterns: list[URLPattern | URLResolver] = []
