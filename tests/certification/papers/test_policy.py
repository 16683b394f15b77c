import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.papers import policy

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
pools = st.lists(st.text(min_size=1), min_size=1, max_size=20, unique=True)

# The worked example of docs/rules/draw.md.
SEED = "6f1c2a0d4b8e93571122334455667788990a0b0c0d0e0f101112131415161718"
POOL = ["VAL-E-01", "VAL-E-02", "VAL-E-03"]


def test_the_worked_example_of_the_rule() -> None:
    assert policy.pick(SEED, POOL) == "VAL-E-03"


@given(seeds, pools, st.randoms(use_true_random=False))
def test_the_draw_is_in_the_pool_and_ignores_its_order(seed: str, pool: list[str], random) -> None:
    shuffled = random.sample(pool, len(pool))
    assert policy.pick(seed, pool) in pool
    assert policy.pick(seed, pool) == policy.pick(seed, shuffled)


def test_a_digest_of_the_last_turn_is_hashed_again(monkeypatch) -> None:
    """With a space of half its size, every second digest falls in what must be drawn again."""
    monkeypatch.setattr(policy, "_SPACE", 2**255)
    again = 0
    for rank in range(40):
        seed = hashlib.sha256(str(rank).encode()).digest()
        digest = hashlib.sha256(seed + "\n".join(POOL).encode()).digest()
        while int.from_bytes(digest) >= 2**255 - 2**255 % 3:
            digest = hashlib.sha256(digest).digest()
            again += 1
        assert policy.pick(seed.hex(), POOL) == POOL[int.from_bytes(digest) % 3]
    assert again > 5


def test_nothing_is_drawn_from_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        policy.pick(SEED, [])


def test_every_subject_is_drawn_about_as_often() -> None:
    counts = Counter(
        policy.pick(hashlib.sha256(str(rank).encode()).hexdigest(), POOL) for rank in range(3000)
    )
    assert all(900 < counts[reference] < 1100 for reference in POOL)


@given(
    st.lists(st.text(), unique=True),
    st.lists(st.text()),
    st.lists(st.text()),
)
def test_what_was_seen_or_withdrawn_is_never_eligible(
    references: list[str], seen: list[str], withdrawn: list[str]
) -> None:
    pool, excluded = policy.eligible(references, seen, withdrawn)
    assert pool == sorted(set(references) - set(seen) - set(withdrawn))
    assert set(pool) | {each["reference"] for each in excluded} == set(references)
    for each in excluded:
        known = each["reference"] in seen
        assert each["reason"] == ("already_seen" if known else "withdrawn")


def test_the_commitment_binds_the_seed_and_each_subject() -> None:
    frozen = {"session": "S26-001", "pools": {"written": {"É-1": "a", "E-2": "b"}}}
    first = policy.commitment(SEED, frozen)
    again = {"pools": {"written": {"E-2": "b", "É-1": "a"}}, "session": "S26-001"}
    assert policy.commitment(SEED, again) == first
    other = {"session": "S26-001", "pools": {"written": {"É-1": "a", "E-2": "c"}}}
    assert policy.commitment(SEED, other) != first
    assert policy.commitment("00" * 32, frozen) != first


@given(seeds, st.text(min_size=1), st.text(min_size=1))
def test_each_candidate_has_their_own_randomness(seed: str, one: str, other: str) -> None:
    assert len(policy.own_seed(seed, one, "written")) == 64
    assert policy.own_seed(seed, one, "written") != policy.own_seed(seed, one, "exchanges")
    if one != other:
        assert policy.own_seed(seed, one, "written") != policy.own_seed(seed, other, "written")


PROOF_POOL = {"VAL-E-01": "1" * 64, "VAL-E-02": "2" * 64, "VAL-E-03": "3" * 64}


def proof(**changes):
    frozen = {"session": "S26-001", "pools": {"written": PROOF_POOL}}
    own = policy.own_seed(SEED, "CAND-1", "written")
    draw = {
        "candidate": "CAND-1",
        "kind": "written",
        "subject": policy.pick(own, ["VAL-E-01", "VAL-E-02"]),
        "excluded": [{"reference": "VAL-E-03", "reason": "already_seen"}],
    }
    made = {
        "seed": SEED,
        "frozen": frozen,
        "commitment": policy.commitment(SEED, frozen),
        "draws": [draw],
    }
    return made | changes


def test_a_proof_holds_until_one_thing_of_it_is_changed() -> None:
    assert policy.faults(proof()) == []
    assert policy.faults(proof(commitment="0" * 64)) == ["commitment"]
    assert "commitment" in policy.faults(proof(seed="00" * 32))
    (draw,) = proof()["draws"]
    for change in (
        {"subject": "VAL-E-03"},
        {"kind": "exchanges"},
        {"excluded": [{"reference": each, "reason": "withdrawn"} for each in PROOF_POOL]},
    ):
        assert len(policy.faults(proof(draws=[draw | change]))) == 1


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x1a\x45\xdf\xa3\x9f", "audio/webm"),
        (b"RIFF\x24\x00\x00\x00AVI ", None),
        (b"%PDF-1.7", None),
        (b"\xff\xd8\xff", None),
        (b"", None),
    ],
)
def test_a_sound_is_known_by_its_signature(content: bytes, media_type: str | None) -> None:
    assert policy.sound_type(content) == media_type


@given(st.text(min_size=1, max_size=40), st.integers(2, 999))
def test_the_reference_of_a_version_fits_and_names_it(family: str, number: int) -> None:
    made = policy.next_reference(family, number)
    assert len(made) <= 40
    assert made.endswith(f"-v{number}")


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


def test_a_case_study_is_drawn_as_a_written_dossier() -> None:
    content = {
        "assessments": [
            {
                "scope": {"type": "whole", "block": None},
                "phases": [{"method": "case_study", "title": "Étude de cas", "steps": []}],
            }
        ]
    }
    assert policy.kinds_used(phases_from(content, "")) == ["written"]
