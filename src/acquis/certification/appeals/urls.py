from django.urls import URLPattern, URLResolver, path

from acquis.certification.appeals import own_views, views

app_name = "appeals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.appeal_list, name="list"),
    path("enregistrer/", views.register, name="register"),
    path("delais/", views.rules, name="rules"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/recevabilite/", views.judge, name="judge"),
    path("<int:pk>/commission/", views.name_member, name="name_member"),
    path("<int:pk>/avis/", views.voice, name="voice"),
    path("<int:pk>/decision/", views.decide, name="decide"),
    path("<int:pk>/session/", views.place, name="place"),
    path("<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path("<int:pk>/pieces/<int:number>/", views.piece, name="piece"),
    path("lettres/<int:pk>.pdf", views.letter, name="letter"),
    path("lettres/<int:pk>/recommande/", views.post_letter, name="post_letter"),
    path("mes-recours/", own_views.own_list, name="own_list"),
    path("mes-recours/deposer/<int:pk>/", own_views.lodge, name="lodge"),
    path("mes-recours/<int:pk>/", own_views.own, name="own"),
    path("mes-recours/<int:pk>/retirer/", own_views.own_withdraw, name="own_withdraw"),
    path("mes-recours/lettres/<int:pk>/", own_views.own_letter, name="own_letter"),
]
