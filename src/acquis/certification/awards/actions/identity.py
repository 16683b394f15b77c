"""A signature is given by a person who proves again, here and now, who they are."""

from datetime import datetime

from acquis.accounts.actions.second_factor import verify_code
from acquis.accounts.actions.throttle import begin_attempt, forget_failures
from acquis.accounts.models import User
from acquis.accounts.queries import second_factor
from acquis.certification.awards.errors import WrongOtp, WrongPassword


def prove_identity(*, person: User, password: str, otp: str, at: datetime) -> str:
    """Check the password, and the code when a second factor is enrolled; gives the method.

    Failures count as those of signing in do, and are kept: call outside the transaction of the
    signature. Raises WrongPassword, WrongOtp, or the refusals of too many attempts.
    """
    begin_attempt(email=person.email, at=at)
    if not person.check_password(password):
        raise WrongPassword
    enrolled = second_factor(person) is not None
    if enrolled and verify_code(person=person, code=otp) is None:
        raise WrongOtp
    forget_failures(email=person.email)
    return "password+otp" if enrolled else "password"
