from django.urls import URLPattern, URLResolver, path

from acquis.certification.papers import draw_views, views, written_views

app_name = "papers"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.subject_list, name="list"),
    path("deposer/", views.bring, name="bring"),
    path("enregistrer/", views.record, name="record"),
    path("ecrire/", written_views.write, name="write"),
    path("<int:pk>/ecrire/", written_views.rewrite, name="rewrite"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/ouvrir/", views.open_subject, name="open"),
    path("<int:pk>/ecouter/", views.listen, name="listen"),
    path("<int:pk>/pieces/<int:number>/", views.attachment, name="attachment"),
    path("<int:pk>/version/", views.revise, name="revise"),
    path("<int:pk>/soumettre/", views.submit, name="submit"),
    path("<int:pk>/valider/", views.validate, name="validate"),
    path("<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path("sessions/<int:pk>/", draw_views.session, name="session"),
    path("sessions/<int:pk>/engagement/", draw_views.renew, name="renew"),
    path("sessions/<int:pk>/verifier/", draw_views.verify, name="verify"),
    path("sessions/<int:pk>/tirage.json", draw_views.proof, name="proof"),
    path("tirages/<int:pk>/<slug:kind>/", draw_views.draw, name="draw"),
]
