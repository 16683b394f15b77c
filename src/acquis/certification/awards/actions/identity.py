"""A signature is given by a person who proves again, here and now, who they are."""

from datetime import datetime

from django_otp.plugins.otp_static.models import StaticDevice

from acquis.accounts.actions.second_factor import verify_code
from acquis.accounts.actions.throttle import begin_attempt, forget_failures
from acquis.accounts.enums import SigningRule
from acquis.accounts.models import Organisation, User
from acquis.accounts.queries import second_factor
from acquis.certification.awards.errors import SecondFactorNeeded, WrongOtp, WrongPassword


def prove_identity(
    *, person: User, centre: Organisation, password: str, otp: str, at: datetime
) -> str:
    """Check the password, and the code when a second factor is enrolled; gives the method.

    The method is « password », « password+otp », or « password+recovery » when the code came from
    the sheet of recovery codes. Failures count as those of signing in do, and are kept: call outside
    the transaction of the signature. Raises SecondFactorNeeded where the centre asks for a code and
    the person has none, WrongPassword, WrongOtp, or the refusals of too many attempts.
    """
    enrolled = second_factor(person) is not None
    if needs_enrolment(centre, enrolled=enrolled):
        raise SecondFactorNeeded(centre=centre.name)
    begin_attempt(email=person.email, at=at)
    if not person.check_password(password):
        raise WrongPassword
    device = verify_code(person=person, code=otp) if enrolled else None
    if enrolled and device is None:
        raise WrongOtp
    forget_failures(email=person.email)
    if device is None:
        return "password"
    return "password+recovery" if isinstance(device, StaticDevice) else "password+otp"


def needs_enrolment(centre: Organisation, *, enrolled: bool) -> bool:
    """Whether the centre's rule keeps this person from signing until they enrol a second factor."""
    return not enrolled and centre.signing == SigningRule.SECOND_FACTOR
