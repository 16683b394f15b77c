"""Completes a pack's customers: expands those written by hand, invents the others.

Pure and deterministic: the same sources give the same file, byte for byte. Run as
``python -m acquis.practice.enterprises.generator SLUG`` to write ``customers.json`` again.
"""

import json
import random
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from acquis.practice.enterprises.offsets import is_working_day
from acquis.practice.enterprises.people import Person, people
from acquis.practice.enterprises.records import Book
from acquis.practice.enterprises.typography import spaced

PACKS = Path(__file__).parent / "packs"
SEED = 483
INVENTED = 45
OLDEST = -715  # two years less the time a story lasts
NOTED = 0.6  # share of the stories after which an adviser leaves a note
LATEST = -4  # so that the last answer of a mail falls before today
JOIN_DAYS = 9  # an invented customer's history starts this long before the first order, at most
NAME = re.compile(r"\{(\w+)\}")
SUNDAY = 6

Json = dict[str, Any]


def generate(slug: str) -> list[Json]:
    """Make all customers of a pack, as ``customers.json`` holds them."""
    folder = PACKS / slug
    enterprise = _read(folder / "enterprise.json")
    reference = date.fromisoformat(enterprise["reference_on"])
    book = Book(_read(folder / "products.json"), reference)
    rng = random.Random(SEED)  # noqa: S311 - invented people, not secrets
    customers = [
        book.customer(_read(path), rng) for path in sorted((folder / "written").glob("*.json"))
    ]
    teller = _Teller(book, rng, enterprise["advisers"], _read(folder / "generator/stories.json"))
    pools = {name: _read(folder / f"generator/{name}.json") for name in ("names", "places")}
    customers += [
        book.customer(teller.life_of(person), rng)
        for person in people(rng, INVENTED, pools["names"], pools["places"])
    ]
    # Written after the invented ones were drawn, so that these stay who they are.
    later = sorted((folder / "written/later").glob("*.json"))
    customers += [book.customer(_read(path), rng) for path in later]
    customers.sort(key=lambda customer: customer["reference"])
    return [spaced(customer) for customer in customers]


def dumped(customers: list[Json]) -> str:
    """Write one customer a line: small, and a change of one shows as one line."""
    lines = (json.dumps(customer, ensure_ascii=False) for customer in customers)
    return "[\n" + ",\n".join(lines) + "\n]\n"


class _Teller:
    """Draws the stories of one invented customer after another."""

    def __init__(
        self, book: Book, rng: random.Random, advisers: list[str], stories: list[Json]
    ) -> None:
        self.book = book
        self.rng = rng
        self.advisers = advisers
        self.stories = stories
        self.weights = [story["weight"] for story in stories]

    def life_of(self, person: Person) -> Json:
        life: Json = {
            **person.record,
            "orders": [],
            "conversations": [],
            "notes": [],
            "cases": [],
            "contracts": [],
            "credits": [],
        }
        wanted = self.rng.randint(3, 11)
        told: set[str] = set()
        while len(life["conversations"]) < wanted:
            story = self.rng.choices(self.stories, self.weights)[0]
            if story["key"] in told and len(told) < len(self.stories) // 2:
                continue
            if story.get("persons_only") and life["kind"] == "company":
                continue
            if self._tell(story, person, life):
                told.add(story["key"])
        if self.rng.random() < 0.2:
            self._order_under_way(life)
        first = min(
            [order["d"] for order in life["orders"]] + [talk["d"] for talk in life["conversations"]]
        )
        life["since"] = max(-730, first - self.rng.randint(0, JOIN_DAYS))
        return life

    def _tell(self, story: Json, person: Person, life: Json) -> bool:
        """Add one story to a life; refuse when it would not end before today."""
        key = f"{story['key']}{len(life['orders']) + len(life['conversations'])}"
        ordered = self.rng.randint(OLDEST, -10)
        promised = ordered + 5
        late = self.rng.randint(*story["late"]) if "late" in story else -self.rng.randint(0, 2)
        anchors = {"ordered": ordered, "promised": promised, "delivered": promised + late}
        days = list(self._step_days(story, anchors))
        if max([*days, anchors["delivered"]]) > LATEST:
            return False
        if "orderless" not in story:
            self._buy(story, key, anchors, days, life)
        words = self._words(story, person, key, anchors, life)
        adviser = self.rng.choice(self.advisers)
        for step, day in zip(story["steps"], days, strict=True):
            life["conversations"].append(self._talk(step, day, {**words, "adviser": adviser}, life))
        if "notes" in story and self.rng.random() < NOTED:
            note = {"d": days[0], "t": "18:20", "by": adviser}
            life["notes"].append({**note, "body": self._pick(story["notes"], words)})
        if "case" in story:
            life["cases"].append(self._case(story["case"], key, days, words, adviser))
        if "contract" in story:
            life["contracts"].append(self._contract(story, key, anchors))
        return True

    def _step_days(self, story: Json, anchors: dict[str, int]) -> Iterator[int]:
        previous = anchors["delivered"]
        earliest = OLDEST - JOIN_DAYS
        for step in story["steps"]:
            start = step.get("from", "delivered")
            base = previous if start == "previous" else anchors[start]
            wanted = max(earliest, base + self.rng.randint(*step["after"]))
            previous = self._open_day(wanted, step["channel"])
            earliest = previous + 1  # one step a day, so that an answer never comes first
            yield previous

    def _open_day(self, offset: int, channel: str) -> int:
        """Move a day forward until the channel is staffed: chat on Saturdays, phone is not."""
        while True:
            day = self.book.reference + timedelta(days=offset)
            if channel == "chat" and day.weekday() != SUNDAY:
                return offset
            if channel in ("mail", "sms") or is_working_day(day):
                return offset
            offset += 1

    def _buy(
        self, story: Json, key: str, anchors: dict[str, int], days: list[int], life: Json
    ) -> None:
        lines = [[self.rng.choice(story["products"]), 1]]
        extras = story.get("extras", ["CAF-MAT", "ACC-DET", "LIV-001", "INF-VER", "ACC-FIL"])
        if self.rng.random() < 0.45 and not story.get("contract"):
            lines.append([self.rng.choice(extras), self.rng.randint(1, 2)])
        if lines[-1][0] == lines[0][0] and len(lines) > 1:
            lines.pop()
        if story["key"] not in ("coffret", "service"):
            lines += self.book.delivery_for(lines)
        if story.get("double_port"):
            lines = [*[line for line in lines if line[0] != "PORT-STD"], ["PORT-STD", 2]]
        order: Json = {
            "key": key,
            "d": anchors["ordered"],
            "t": self._clock(7, 22),
            "state": story.get("end", "delivered"),
            "promised": anchors["promised"],
            "delivered": anchors["delivered"],
            "lines": lines,
        }
        if life["kind"] == "company":
            issued = anchors["ordered"] + 2
            order["invoice"] = {"d": issued, "paid": min(-1, issued + self.rng.randint(24, 38))}
        life["orders"].append(order)
        if "credit" in story:
            paid = min(-1, days[-1] + 1)
            life["credits"].append(
                {
                    "refers": key,
                    "d": min(days[-1], paid),
                    "paid": paid,
                    "reason": story["credit"],
                    "lines": story.get("credit_lines"),
                }
            )

    def _order_under_way(self, life: Json) -> None:
        reference = self.rng.choice(["ZEP-055", "BRI-050", "CAF-ALT", "ACC-VAP", "ALM-100"])
        lines = [[reference, 1]]
        placed = -self.rng.randint(1, 4)
        life["orders"].append(
            {
                "key": "en-cours",
                "d": placed,
                "t": self._clock(7, 22),
                "state": "shipped" if placed < -2 else "preparing",
                "promised": placed + 5,
                "delivered": None,
                "lines": lines + self.book.delivery_for(lines),
            }
        )

    def _words(
        self, story: Json, person: Person, key: str, anchors: dict[str, int], life: Json
    ) -> dict[str, str]:
        words = {
            **person.words,
            **{name: f"{{date:{day}}}" for name, day in anchors.items()},
            "order": f"{{order:{key}}}",
            "invoice": f"{{invoice:{key}}}",
            "ttc": f"{{ttc:{key}}}",
        }
        if "orderless" not in story:
            reference = life["orders"][-1]["lines"][0][0]
            words["product_ref"] = reference
            words["product"] = self.book.products[reference]["label"]
            words["fault"] = story.get("faults", {}).get(reference, "")
        return words

    def _talk(self, step: Json, day: int, words: dict[str, str], life: Json) -> Json:
        words = {**words, "adviser_first": words["adviser"].split()[0]}
        channel = step["channel"]
        by_machine = channel == "sms"
        return {
            "ch": channel,
            "dir": step.get("direction", "in"),
            "d": day,
            "t": self._clock(7, 22) if channel == "mail" else self._clock(9, 17),
            "subject": self._pick(step["subject"], words),
            "by": "" if by_machine else step.get("by", words["adviser"]),
            "reason": step["reason"],
            "outcome": step["outcome"],
            "summary": self._pick(step["summary"], words),
            "order": life["orders"][-1]["key"] if "product" in words else None,
            "m": list(self._messages(step, words)),
        }

    def _messages(self, step: Json, words: dict[str, str]) -> Iterator[list[Any]]:
        minute = 0
        for position, (author, variants) in enumerate(step.get("messages", [])):
            if position:
                slow = step["channel"] in ("mail", "letter")
                quick = 1 if position == 1 else self.rng.randint(1, 3)
                minute += self.rng.randint(120, 1380) if slow else quick
            yield [author[0], minute, self._pick(variants, words)]

    def _case(
        self, case: Json, key: str, days: list[int], words: dict[str, str], adviser: str
    ) -> Json:
        last = max(days)
        spread = [days[min(index, len(days) - 1)] for index in range(len(case["events"]))]
        return {
            "key": key,
            "kind": case["kind"],
            "d": days[0],
            "t": "17:45",
            "title": self._pick([case["title"]], words),
            "description": self._pick([case["description"]], words),
            "state": "closed",
            "closed": last,
            "priority": 2 if case["kind"] == "complaint" else 3,
            "order": key,
            "resolution": case["resolution"],
            "events": [
                {"d": day, "t": f"18:{10 + index:02}", "by": adviser, "body": body}
                for index, (day, body) in enumerate(zip(spread, case["events"], strict=True))
            ],
        }

    def _contract(self, story: Json, key: str, anchors: dict[str, int]) -> Json:
        started = anchors["ordered"]
        renewed = started + 30 * (-started // 30)
        renewed = renewed - 30 if renewed >= 0 else renewed
        return {
            "key": key,
            "product": story["products"][0],
            "started": started,
            "renewed": renewed,
            "renews": renewed + 30,
            "ended": None,
            "state": "active",
            "means": "carte bancaire",
            "remark": "",
        }

    def _pick(self, variants: list[str], words: dict[str, str]) -> str:
        return NAME.sub(lambda name: words[name[1]], self.rng.choice(variants))

    def _clock(self, first: int, last: int) -> str:
        return f"{self.rng.randint(first, last):02}:{self.rng.randint(0, 59):02}"


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main(slug: str) -> None:
    (PACKS / slug / "customers.json").write_text(dumped(generate(slug)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
