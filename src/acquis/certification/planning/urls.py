from django.urls import URLPattern, URLResolver, path

from acquis.certification.planning.views import changing, composing, people, timetable

app_name = "planning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", composing.plan_list, name="list"),
    path("nouveau/", composing.create, name="create"),
    path("<int:pk>/", composing.detail, name="detail"),
    path("<int:pk>/modifier/", composing.edit, name="edit"),
    path("<int:pk>/examens/", composing.add_exam, name="add_exam"),
    path("<int:pk>/candidats/", composing.candidates, name="candidates"),
    path("<int:pk>/jures/", composing.add_jurors, name="add_jurors"),
    path("<int:pk>/surveillants/", composing.add_invigilators, name="add_invigilators"),
    path("<int:pk>/salles/", composing.add_room, name="add_room"),
    path("<int:pk>/jours/", composing.add_days, name="add_days"),
    path("<int:pk>/absences/<slug:kind>/", composing.absences, name="absences"),
    path("<int:pk>/calculer/", composing.solve, name="solve"),
    path("<int:pk>/rouvrir/", composing.reopen, name="reopen"),
    path("<int:pk>/planning/", timetable.timetable, name="timetable"),
    path("<int:pk>/planning/portes.pdf", timetable.doors, name="doors"),
    path("<int:pk>/annuler/", changing.undo, name="undo"),
    path("<int:pk>/absence/", changing.absence, name="absence"),
    path("<int:pk>/propositions/<int:number>/", changing.proposal, name="proposal"),
    path("<int:pk>/publier/", changing.publish, name="publish"),
    path("<int:pk>/personnes/", people.people, name="people"),
    path("candidats/<int:pk>/deplacer/", changing.move, name="move"),
    path("personnes/<slug:kind>/<int:pk>/", people.own_days, name="own_days"),
    path("personnes/<slug:kind>/<int:pk>/journee.pdf", people.own_days_file, name="own_days_file"),
    path("<int:pk>/journal/", composing.journal, name="journal"),
    path("personnes/<slug:kind>/<int:pk>/retirer/", composing.remove_person, name="remove_person"),
    path("examens/<int:pk>/retirer/", composing.remove_exam, name="remove_exam"),
    path("salles/<int:pk>/retirer/", composing.remove_room, name="remove_room"),
    path("jours/<int:pk>/retirer/", composing.remove_day, name="remove_day"),
]
