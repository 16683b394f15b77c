"""Letters as their tests begin them."""

from datetime import datetime

from django.urls import reverse

from acquis.accounts.models import User
from acquis.desk.directory.models import Customer
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.models import Letter


def made_final(known: Customer, by: User, now: datetime, subject: str = "Votre retour") -> Letter:
    letter = start_letter(customer=known, by=by, at=now)
    for name, text in (("subject", subject), ("body", f"Bonjour : {subject}.")):
        save_letter_part(letter=letter, name=name, text=text, seq=1, by=by, at=now)
    return finalise_letter(letter=letter, by=by, at=now)


def at_page(name: str, *args: int) -> str:
    return reverse(f"documents:{name}", args=args)
