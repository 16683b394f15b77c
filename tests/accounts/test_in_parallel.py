"""Several sign-ins of one person at once: each is counted or forgotten, none fails."""

import pytest
from django.utils import timezone

from acquis.accounts.actions.throttle import begin_attempt, forget_failures
from acquis.accounts.models import LoginFailure
from tests.certification.grading.test_in_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_attempts_that_succeed_at_once_disturb_none_of_the_others():
    email = "presse@centre.example"

    def sign_in():
        for _attempt in range(12):
            begin_attempt(email=email, at=timezone.now())
            forget_failures(email=email)

    at_once([sign_in] * 4)

    assert not LoginFailure.objects.filter(count__gt=0).exists()
