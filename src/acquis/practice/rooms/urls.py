from django.urls import path

from acquis.practice.rooms.views import candidate, dossier, handed, jury, sound

app_name = "rooms"
urlpatterns = [
    path("", candidate.home, name="home"),
    path("<int:pk>/", candidate.room, name="room"),
    path("<int:pk>/entrer/", candidate.enter, name="enter"),
    path("<int:pk>/commencer/", candidate.begin, name="begin"),
    path("<int:pk>/rendre/", candidate.hand_in, name="hand_in"),
    path("<int:pk>/texte/<slug:key>/", candidate.save, name="save"),
    path("<int:pk>/imprimer/", candidate.printed, name="printed"),
    path("<int:pk>/remettre/", candidate.deposit, name="deposit"),
    path("<int:pk>/appeler/", candidate.call, name="call"),
    path("<int:pk>/pause/", candidate.pause, name="pause"),
    path("<int:pk>/reprendre/", candidate.resume, name="resume"),
    path("<int:pk>/etat/", candidate.state, name="state"),
    path("<int:pk>/parties/<int:phase_id>/ecouter/", sound.listen, name="listen"),
    path("<int:pk>/parties/<int:phase_id>/entendu/", sound.listening, name="listening"),
    path("<int:pk>/parties/<int:phase_id>/reponse/", sound.piece, name="sound_piece"),
    path("<int:pk>/parties/<int:phase_id>/reponse/fin/", sound.stopped, name="sound_end"),
    path("dossier/<int:candidate_id>/fichiers/<int:file_id>/", dossier.kept_file, name="file"),
    path("<int:pk>/pieces/<int:number>/", handed.attachment, name="attachment"),
    path(
        "dossier/<int:candidate_id>/sujets/<slug:kind>/pieces/<int:number>/",
        handed.jury_attachment,
        name="jury_attachment",
    ),
    path("dossier/<int:candidate_id>/paquet/", dossier.package, name="package"),
    path("jury/<int:candidate_id>/", jury.cockpit, name="cockpit"),
    path("jury/<int:candidate_id>/fil/<slug:key>/", jury.thread, name="cockpit_thread"),
    path("jury/<int:candidate_id>/ouvrir/", jury.open_role, name="open_role"),
    path("jury/<int:candidate_id>/sonner/<slug:key>/", jury.ring, name="ring"),
    path("jury/<int:candidate_id>/dire/<slug:key>/", jury.say, name="say"),
    path("jury/<int:candidate_id>/appels/", jury.calls, name="cockpit_calls"),
    path("jury/<int:candidate_id>/appels/<int:call_id>/", jury.call_act, name="call_act"),
    path("jury/<int:candidate_id>/note/", jury.note, name="note"),
    path("dossier/<int:candidate_id>/", dossier.dossier, name="dossier"),
    path("dossier/<int:candidate_id>/son/<int:recording_id>/", dossier.sound, name="sound"),
]
