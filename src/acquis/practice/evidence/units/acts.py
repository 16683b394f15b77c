"""What was done on the desk, from its trace."""

from collections.abc import Iterator

from acquis.practice.evidence.sources import Act, Moment, Seen, Sources, Talk, moment_of

CUSTOMER = "customer.opened"
ARTICLE = "knowledge.article_opened"
IDENTIFIED = "conversation.identified"


def consulted(sources: Sources) -> list[Seen]:
    seen = []
    articles = [act for act in sources.acts if act.verb == ARTICLE]
    records = [act for act in sources.acts if act.verb == CUSTOMER]
    expected = {*sources.written_procedures, *(p for t in sources.talks for p in t.procedures)}
    if articles:
        names = list(
            dict.fromkeys(str(act.data.get("title") or act.data.get("slug")) for act in articles)
        )
        opened = {str(act.data.get("slug")) for act in articles}
        note = (
            f" ; {len(expected & opened)} des {len(expected)} articles utiles au sujet"
            if expected
            else ""
        )
        seen.append(
            Seen(
                "Articles ouverts",
                f"{len(names)} article(s) : {', '.join(names)}{note}.",
                [
                    _moment(act, str(act.data.get("title") or act.data.get("slug")))
                    for act in articles
                ],
            )
        )
    else:
        seen.append(
            Seen("Articles ouverts", "Aucun article de la base de connaissances n’a été ouvert.")
        )
    if records:
        seen.append(
            Seen(
                "Fiches clients ouvertes",
                f"{len(records)} ouverture(s) de fiche.",
                [_moment(act, str(act.data.get("reference") or "fiche client")) for act in records],
            )
        )
    return seen


def identification(sources: Sources) -> list[Seen]:
    return [seen for talk in sources.talks for seen in _identified(talk, sources)]


def _identified(talk: Talk, sources: Sources) -> Iterator[Seen]:
    linked = next(
        (act for act in sources.acts if act.verb == IDENTIFIED and act.object_id == str(talk.pk)),
        None,
    )
    if linked is None:
        yield Seen("Identification", f"{talk.label} : le client n’a pas été rattaché à une fiche.")
        return
    before = [m for m in talk.said if m.author == "adviser" and m.at < linked.at]
    spoken = sum(m.is_spoken for m in before)
    heard = f" et {spoken} phrase(s) entendue(s)" if spoken else ""
    yield Seen(
        "Identification",
        f"{talk.label} : rattaché à sa fiche après {len(before) - spoken} message(s){heard}"
        " du conseiller.",
        [
            _moment(linked, "rattachement à la fiche"),
            *(
                moment_of(m, "dit avant" if m.is_spoken else "écrit avant", m.body[:120])
                for m in before
            ),
        ],
    )


def _moment(act: Act, label: str) -> Moment:
    return Moment(f"act-{act.position}", label, act.at)
