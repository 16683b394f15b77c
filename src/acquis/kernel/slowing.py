"""Public pages that cost something slow down whoever asks too often, without keeping who asked."""

from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, name: str, *, most: int, seconds: int) -> bool:
    """Count one more request from this address; whether it is over `most` in these seconds."""
    key = f"{name}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # the window ended between the two
        return False
