from acquis.certification.sittings.models import Phase, Sitting


def readable(sitting: Sitting) -> bool:
    """Whether what the candidate produced may be read: the exchanges are over, or the exam is."""
    return (
        sitting.is_sealed
        or sitting.phases.filter(kind=Phase.Kind.EXCHANGES, state=Phase.State.ENDED).exists()
    )
