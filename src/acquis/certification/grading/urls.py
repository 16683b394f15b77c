from django.urls import URLPattern, URLResolver, path

from acquis.certification.grading.views import deliberations, grids

app_name = "grading"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", grids.home, name="home"),
    path("grilles/gardien.js", grids.keeper, name="keeper"),
    path("grilles/<int:grid_id>/", grids.grid, name="grid"),
    path("grilles/<int:grid_id>/noter/", grids.mark, name="mark"),
    path("grilles/<int:grid_id>/cloture/", grids.close, name="close_grid"),
    path("grilles/<int:grid_id>/lecture/", grids.read_grid, name="read_grid"),
    path("sessions/<int:session_id>/", deliberations.session, name="session"),
    path("sessions/<int:session_id>/grilles/", deliberations.open_session_grids, name="open_grids"),
    path(
        "sessions/<int:session_id>/mes-grilles/",
        deliberations.open_own_grids,
        name="open_own_grids",
    ),
    path("sessions/<int:session_id>/conclusion/", deliberations.conclude, name="conclude"),
    path(
        "candidats/<int:candidate_id>/deliberation/",
        deliberations.deliberation,
        name="deliberation",
    ),
    path(
        "candidats/<int:candidate_id>/deliberation/ouverture/",
        deliberations.begin,
        name="open_deliberation",
    ),
    path("deliberations/<int:deliberation_id>/decision/", deliberations.decide, name="decide"),
    path(
        "deliberations/<int:deliberation_id>/bloc/",
        deliberations.decide_block,
        name="decide_block",
    ),
    path(
        "deliberations/<int:deliberation_id>/cloture/",
        deliberations.close,
        name="close_deliberation",
    ),
]
