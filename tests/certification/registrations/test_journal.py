"""The journal of a candidate says every act in words."""

import re
from pathlib import Path

from acquis.certification import registrations
from acquis.certification.exam_sessions.presentation import ACTS

VERB = re.compile(r'"(candidate\.[a-z_]+)"')


def test_every_act_on_a_candidate_has_its_words():
    folder = Path(registrations.__file__ or "").parent / "actions"
    verbs = {verb for path in folder.glob("*.py") for verb in VERB.findall(path.read_text())}

    assert len(verbs) > 10
    assert verbs - set(ACTS) == set()
