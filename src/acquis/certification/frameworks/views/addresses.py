from django.http import HttpResponseRedirect
from django.urls import reverse

from acquis.certification.frameworks.presentation import anchor


def number(text: str | None) -> int:
    """A key from an address; 0, which nothing has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 15 else 0


def review_at(pk: int, pointer: str | None = None) -> HttpResponseRedirect:
    """Back to the review, where the person was."""
    address = reverse("frameworks:import_review", args=[pk])
    return HttpResponseRedirect(f"{address}#{anchor(pointer)}" if pointer is not None else address)
