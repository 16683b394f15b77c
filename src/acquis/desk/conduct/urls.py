from django.urls import path

from acquis.desk.conduct import views

app_name = "conduct"
urlpatterns = [
    path("", views.index, name="index"),
    path("souffler/", views.breathe, name="breathe"),
    path("echange/<int:conversation_pk>/", views.exchange, name="exchange"),
    path("client/<int:customer_pk>/mesure/", views.propose, name="propose"),
    path("<int:pk>/dire/", views.say, name="say"),
    path("<int:pk>/mettre-fin/", views.end, name="end"),
    path("<int:pk>/reprise/", views.resume, name="resume"),
    path("<int:pk>/reponse/", views.reply, name="reply"),
    path("<int:pk>/vu/", views.see, name="see"),
    path("mesures/<int:pk>/decider/", views.decide, name="decide"),
    path("mesures/<int:pk>/lever/", views.lift, name="lift"),
]
