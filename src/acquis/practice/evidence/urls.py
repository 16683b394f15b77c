from django.urls import path

from acquis.practice.evidence.views import beside, moments

app_name = "evidence"
urlpatterns = [
    path("unites/", beside.units, name="units"),
    path("<int:candidate_id>/relire", beside.reread, name="reread"),
    path("<int:candidate_id>/rattacher", moments.attach, name="attach"),
    path("<int:candidate_id>/retirer", moments.withdraw, name="withdraw"),
    path("<int:candidate_id>/remettre", moments.put_back, name="put_back"),
    path("<int:candidate_id>/ecarter", moments.dismiss, name="dismiss"),
    path("<int:candidate_id>/reprendre", moments.restore, name="restore"),
    path("<int:candidate_id>/<str:criterion>/", beside.beside, name="beside"),
]
