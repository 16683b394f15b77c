import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.papers import policy

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
pools = st.lists(st.text(min_size=1), min_size=1, max_size=20, unique=True)

# The worked example of docs/rules/draw.md.
SEED = "6f1c2a0d4b8e93571122334455667788990a0b0c0d0e0f101112131415161718"
POOL = ["VAL-E-01", "VAL-E-02", "VAL-E-03"]


def test_the_worked_example_of_the_rule() -> None:
    assert policy.pick(SEED, POOL) == "VAL-E-03"


def test_the_ten_lines_of_the_rule_find_the_same_subject() -> None:
    message = bytes.fromhex(SEED) + "\n".join(sorted(POOL)).encode("utf-8")
    digest = hashlib.sha256(message).digest()
    limit = 2**256 - 2**256 % len(POOL)
    while int.from_bytes(digest, "big") >= limit:
        digest = hashlib.sha256(digest).digest()
    assert sorted(POOL)[int.from_bytes(digest, "big") % len(POOL)] == policy.pick(SEED, POOL)


@given(seeds, pools, st.randoms(use_true_random=False))
def test_the_draw_is_in_the_pool_and_ignores_its_order(seed: str, pool: list[str], random) -> None:
    shuffled = random.sample(pool, len(pool))
    assert policy.pick(seed, pool) in pool
    assert policy.pick(seed, pool) == policy.pick(seed, shuffled)


def test_nothing_is_drawn_from_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        policy.pick(SEED, [])


def test_every_subject_is_drawn_about_as_often() -> None:
    counts = Counter(
        policy.pick(hashlib.sha256(str(rank).encode()).hexdigest(), POOL) for rank in range(3000)
    )
    assert all(900 < counts[reference] < 1100 for reference in POOL)


@given(st.lists(st.text(), unique=True), st.lists(st.text()))
def test_what_was_seen_is_left_out_unless_all_was(references: list[str], seen: list[str]) -> None:
    pool, excluded = policy.eligible(references, seen)
    assert set(pool) | {each["reference"] for each in excluded} == set(references)
    assert bool(pool) == bool(references)
    if set(references) - set(seen):
        assert not set(pool) & set(seen)
    else:
        assert excluded == []


def test_the_candidate_side_holds_nothing_of_the_jury() -> None:
    content = {
        "situation": "Lisez",
        "summary": "ce que le sujet cache",
        "expected": {"stakes": "…"},
        "qualification": {"reason": ["R"]},
        "exchanges": [
            {"key": "a", "candidate": {"brief": "…"}, "role": {"hidden": []}, "expected": {}}
        ],
    }
    assert policy.candidate_side(content) == {
        "situation": "Lisez",
        "exchanges": [{"key": "a", "candidate": {"brief": "…"}}],
    }


def test_a_part_unknown_to_the_rule_stays_with_the_jury() -> None:
    assert policy.candidate_side({"anything_new": "secret"}) == {}
