from django.urls import URLPattern, URLResolver, path

from acquis.regulation import views

app_name = "regulation"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.parameter_list, name="list"),
    path("<str:code>/", views.parameter_history, name="history"),
    path("<str:code>/completer/", views.period_new, name="period_new"),
]
