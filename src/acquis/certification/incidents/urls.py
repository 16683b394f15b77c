from django.urls import URLPattern, URLResolver, path

from acquis.certification.incidents import action_views, views

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.incident_list, name="list"),
    path("<int:pk>/regler/", views.settle, name="settle"),
    path("sessions/<int:pk>/", views.session, name="session"),
    path("sessions/<int:pk>/fiche/", views.sheet, name="sheet"),
    path("fiches/<int:pk>.pdf", views.sheet_file, name="sheet_file"),
    path("actions/", action_views.action_list, name="actions"),
    path("sessions/<int:pk>/action/", action_views.new_action, name="new_action"),
    path("actions/<int:pk>/", action_views.action, name="action"),
    path("actions/<int:pk>/faite/", action_views.finish, name="finish"),
    path("actions/<int:pk>/echeance/", action_views.move, name="move"),
    path("actions/<int:pk>/verifier/", action_views.check, name="check"),
    path("actions/<int:pk>/abandonner/", action_views.drop, name="drop"),
]
