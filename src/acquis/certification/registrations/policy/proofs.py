"""Which papers an enrolment needs, and until when; pure (X-02, X-13)."""

from datetime import date, timedelta

from acquis.certification.registrations.policy.base import (
    CAPITALISATION,
    CCS,
    TRAINING,
    VAE,
)

PORTFOLIO, IN_TRAINING, BOOKLET = "portfolio", "in_training", "booklet"
ADMISSIBILITY, IDENTITY, TITLE = "admissibility", "identity", "title"
WITHOUT_COPY = frozenset({IDENTITY})  # seen, and no copy kept
FOR_JURORS = frozenset({PORTFOLIO, IN_TRAINING})
FOR_SESSION = frozenset({PORTFOLIO, IN_TRAINING, BOOKLET})  # read while a session is prepared
DUE_DAYS = 15  # before the session: time to ask again and for the jury to read; no text says more

_OF_TITLES = {
    TRAINING: (PORTFOLIO, IN_TRAINING),
    CAPITALISATION: (PORTFOLIO, BOOKLET),
    CCS: (PORTFOLIO, IN_TRAINING, TITLE),
}


def required(route: str, framework_kind: str) -> tuple[str, ...]:
    """The papers of one enrolment, in the order of the page.

    A titre professionnel asks for the dossier professionnel by every route (X-02); other
    certifications ask for what their exam hands in, which is not a paper of the enrolment.
    """
    papers: tuple[str, ...] = (IDENTITY,)
    if framework_kind == "titre_professionnel":
        papers += _OF_TITLES.get(route, (PORTFOLIO,))
    return (*papers, ADMISSIBILITY) if route == VAE else papers


def for_jurors(route: str) -> frozenset[str]:
    """The papers that a jury reads: DP and ECF, and the livret of who capitalises (X-02 §2.2).

    >>> sorted(for_jurors("capitalisation") - for_jurors("training"))
    ['booklet']
    """
    return FOR_JURORS | {BOOKLET} if route == CAPITALISATION else FOR_JURORS


def due_on(session: date) -> date:
    return session - timedelta(days=DUE_DAYS)
