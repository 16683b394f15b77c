from django.urls import URLPattern, URLResolver

app_name = "exam_sessions"
urlpatterns: list[URLPattern | URLResolver] = []
