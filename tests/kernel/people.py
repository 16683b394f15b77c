from acquis.accounts.models import User


def person(email="lea.martin@centre.example"):
    return User.objects.create_user(email, first_name="Léa", last_name="Martin")
