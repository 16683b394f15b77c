from django.urls import path

from acquis.desk.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.index, name="index"),
    path("client/<int:customer_pk>/", views.create, name="create"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/enregistrer/", views.save, name="save"),
    path("<int:pk>/relire/", views.proofread, name="proofread"),
    path("<int:pk>/finaliser/", views.finalise, name="finalise"),
    path("<int:pk>/soumettre/", views.submit, name="submit"),
    path("<int:pk>/reprendre/", views.withdraw, name="withdraw"),
    path("<int:pk>/rendre/", views.give_back, name="return"),
    path("<int:pk>/valider/", views.release, name="release"),
    path("<int:pk>/lettre.pdf", views.pdf, name="pdf"),
]
