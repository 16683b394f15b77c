"""Export of a framework as a 1EdTech CASE 1.0 package.

The child is an association's origin and the parent its destination. Identifiers are UUIDs derived
from the version's own identity, so that two exports of one version are equal.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acquis.certification.frameworks.content import Content

NAMESPACE = uuid.UUID("6f5c1f0e-3c1b-5e0a-9b59-5b7f0c0a7d10")
PLACES = {"document": "CFDocuments", "type": "CFItemTypes", "rubric": "CFRubrics"}
ITEM_TYPES = {
    "block": "Bloc de compétences",
    "activity": "Activité",
    "competency": "Compétence",
    "criterion": "Critère d’évaluation",
    "transversal": "Compétence transversale",
    "transversal-criterion": "Critère de compétence transversale",
}


@dataclass(frozen=True)
class Issue:
    """What identifies one edition outside: who keeps it, its code and its millésime."""

    owner: str  # slug of the organisation, empty for what ships with the product
    code: str
    edition: str

    @property
    def identity(self) -> str:
        return "/".join(part for part in (self.owner, self.code, self.edition) if part)


@dataclass(frozen=True)
class Publication:
    """`changed_at` is an ISO 8601 instant, `address` the base of the URIs."""

    issue: Issue
    title: str
    creator: str
    address: str
    changed_at: str
    valid_from: str | None = None
    valid_to: str | None = None


def case_package(
    content: Content,
    publication: Publication,
    *,
    previous: Issue | None = None,
    correspondences: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return a CFPackage; items of `previous` that a correspondence names are replaced by ours."""
    writer = _Writer(publication.issue.identity, publication.address, publication.changed_at)
    document = {
        **writer.identified("document", ""),
        "creator": publication.creator,
        "title": content["title"] or publication.title,
        "lastChangeDateTime": publication.changed_at,
        "version": publication.issue.edition,
        "adoptionStatus": "Adopted",
        "language": "fr",
    }
    if publication.valid_from:
        document["statusStartDate"] = publication.valid_from
    if publication.valid_to:
        document["statusEndDate"] = publication.valid_to
    root = {
        "title": document["title"],
        "identifier": document["identifier"],
        "uri": document["uri"],
    }
    for number, block in enumerate(content["blocks"], start=1):
        writer.add_block(block, root, number)
    for number, item in enumerate(content["transversal_competencies"], start=1):
        node = writer.item("transversal", item["code"], item["title"], root, number)
        for rank, text in enumerate(item["criteria"], start=1):
            writer.item("transversal-criterion", f"{item['code']}.{rank}", text, node, rank)
    if previous is not None:
        writer.replace(previous, correspondences)
    return {
        "CFDocument": document,
        "CFItems": writer.items,
        "CFAssociations": writer.associations,
        "CFDefinitions": {"CFItemTypes": writer.types()},
        "CFRubrics": [writer.rubric(block) for block in content["blocks"] if block["criteria"]],
    }


class _Writer:
    def __init__(self, identity: str, address: str, changed_at: str) -> None:
        self.identity = identity
        self.address = address.rstrip("/")
        self.changed_at = changed_at
        self.items: list[dict[str, Any]] = []
        self.associations: list[dict[str, Any]] = []

    def identified(self, kind: str, code: str) -> dict[str, str]:
        identifier = str(uuid.uuid5(NAMESPACE, f"{self.identity}/{kind}/{code}"))
        place = PLACES.get(kind, "CFItems")
        return {
            "identifier": identifier,
            "uri": f"{self.address}/ims/case/v1p0/{place}/{identifier}",
        }

    def item(
        self,
        kind: str,
        code: str,
        text: str,
        parent: dict[str, str],
        number: int,
        *,
        within: str = "",
    ) -> dict[str, str]:
        """Add an item below its parent; `within` names the block where codes start anew."""
        item = {
            **self.identified(kind, f"{within}/{code}" if within else code),
            "fullStatement": text,
            "humanCodingScheme": code,
            "CFItemType": ITEM_TYPES[kind],
            "listEnumeration": str(number),
            "lastChangeDateTime": self.changed_at,
        }
        self.items.append(item)
        node = {"title": text[:120], "identifier": item["identifier"], "uri": item["uri"]}
        self.associate(node, parent, "isChildOf", number)
        return node

    def associate(
        self, origin: dict[str, str], destination: dict[str, str], nature: str, number: int
    ) -> None:
        key = f"{origin['identifier']}/{nature}/{destination['identifier']}"
        identifier = str(uuid.uuid5(NAMESPACE, key))
        self.associations.append(
            {
                "identifier": identifier,
                "uri": f"{self.address}/ims/case/v1p0/CFAssociations/{identifier}",
                "associationType": nature,
                "originNodeURI": origin,
                "destinationNodeURI": destination,
                "sequenceNumber": number,
                "lastChangeDateTime": self.changed_at,
            }
        )

    def replace(self, previous: Issue, correspondences: Sequence[Mapping[str, Any]]) -> None:
        """The item of the previous edition is the origin, ours the destination."""
        past = _Writer(previous.identity, self.address, self.changed_at)
        ours = {item["identifier"]: item for item in self.items}
        for number, one in enumerate(correspondences, start=1):
            item = ours.get(self.identified(one["kind"], one["to"])["identifier"])
            if item is None:
                continue
            origin = {"title": one["from"], **past.identified(one["kind"], one["from"])}
            node = {
                "title": item["fullStatement"][:120],
                "identifier": item["identifier"],
                "uri": item["uri"],
            }
            nature = "exactMatchOf" if one.get("nature") == "same" else "replacedBy"
            self.associate(origin, node, nature, number)

    def add_block(self, block: dict[str, Any], root: dict[str, str], number: int) -> None:
        node = self.item("block", block["code"], block["title"], root, number)
        activities = {
            activity["code"]: self.item(
                "activity", activity["code"], activity["title"], node, rank, within=block["code"]
            )
            for rank, activity in enumerate(block["activities"], start=1)
        }
        competencies = {}
        for rank, competency in enumerate(block["competencies"], start=1):
            parent = activities.get(competency.get("activity") or "", node)
            competencies[competency["code"]] = self.item(
                "competency", competency["code"], competency["statement"], parent, rank
            )
        for rank, criterion in enumerate(block["criteria"], start=1):
            known = [competencies[c] for c in criterion["competencies"] if c in competencies]
            child = self.item(
                "criterion", criterion["code"], criterion["text"], known[0] if known else node, rank
            )
            for other in known[1:]:
                self.associate(child, other, "isRelatedTo", rank)

    def types(self) -> list[dict[str, str]]:
        return [
            {
                **self.identified("type", kind),
                "title": title,
                "description": title,
                "hierarchyCode": str(rank),
                "lastChangeDateTime": self.changed_at,
            }
            for rank, (kind, title) in enumerate(ITEM_TYPES.items(), start=1)
        ]

    def rubric(self, block: dict[str, Any]) -> dict[str, Any]:
        rubric = self.identified("rubric", block["code"])
        return {
            **rubric,
            "title": f"Grille d’évaluation – {block['title']}",
            "lastChangeDateTime": self.changed_at,
            "CFRubricCriteria": [
                self._rubric_line(criterion, rubric["identifier"], rank)
                for rank, criterion in enumerate(block["criteria"], start=1)
            ],
        }

    def _rubric_line(self, criterion: dict[str, Any], rubric: str, rank: int) -> dict[str, Any]:
        line = self.identified("rubric-criterion", criterion["code"])
        item = self.identified("criterion", criterion["code"])
        levels = (("Acquis", 1), ("Non acquis", 0))
        return {
            **line,
            "description": criterion["text"],
            "CFItemURI": {"title": criterion["text"][:120], **item},
            "position": rank,
            "rubricId": rubric,
            "lastChangeDateTime": self.changed_at,
            "CFRubricCriterionLevels": [
                {
                    **self.identified("level", f"{criterion['code']}/{quality}"),
                    "quality": quality,
                    "score": score,
                    "position": position,
                    "rubricCriterionId": line["identifier"],
                    "lastChangeDateTime": self.changed_at,
                }
                for position, (quality, score) in enumerate(levels, start=1)
            ],
        }
