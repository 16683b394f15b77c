from django.urls import URLPattern, URLResolver, path

from acquis.accounts.views import account, home, people, sign_in

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("connexion/", sign_in.login, name="login"),
    path("connexion/code/", sign_in.login_code, name="login_code"),
    path("connexion/demo/<int:pk>/", sign_in.demo_login, name="demo_login"),
    path("deconnexion/", sign_in.logout, name="logout"),
    path("mot-de-passe/oublie/", sign_in.forgotten_password, name="forgotten_password"),
    path(
        "mot-de-passe/choisir/<str:uid>/<str:token>/",
        sign_in.choose_new_password,
        name="choose_password",
    ),
    path("compte/", account.profile, name="profile"),
    path("compte/organisation/<int:pk>/", account.choose_organisation, name="choose_organisation"),
    path("compte/mot-de-passe/", account.password, name="password"),
    path("compte/securite/", account.security, name="security"),
    path("compte/securite/code/activer/", account.second_factor_begin, name="second_factor_begin"),
    path(
        "compte/securite/code/confirmer/",
        account.second_factor_confirm,
        name="second_factor_confirm",
    ),
    path("compte/securite/code/secours/", account.second_factor_codes, name="second_factor_codes"),
    path(
        "compte/securite/code/retirer/",
        account.second_factor_disable,
        name="second_factor_disable",
    ),
    path("compte/appareils/<int:pk>/", account.device_revoke, name="device_revoke"),
    path("compte/appareils/", account.device_revoke_others, name="device_revoke_others"),
    path("compte/jetons/", account.tokens, name="tokens"),
    path("compte/jetons/nouveau/", account.token_create, name="token_create"),
    path("compte/jetons/<int:pk>/revoquer/", account.token_revoke, name="token_revoke"),
    path("comptes/", people.people, name="people"),
    path("comptes/nouveau/", people.person_create, name="person_create"),
    path("comptes/organisation/", people.organisation, name="organisation"),
    path("comptes/<int:pk>/", people.person_page, name="person"),
    path("comptes/<int:pk>/roles/", people.person_roles, name="person_roles"),
    path("comptes/<int:pk>/desactiver/", people.person_deactivate, name="person_deactivate"),
    path("comptes/<int:pk>/reactiver/", people.person_reactivate, name="person_reactivate"),
    path("comptes/<int:pk>/debloquer/", people.person_unlock, name="person_unlock"),
    path("comptes/<int:pk>/lien/", people.person_password_link, name="person_password_link"),
    path(
        "comptes/<int:pk>/code/retirer/",
        people.person_second_factor_disable,
        name="person_second_factor_disable",
    ),
]
