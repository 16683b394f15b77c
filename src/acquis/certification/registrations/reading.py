"""A stored list of candidates, read against the certifications that the person may enrol for."""

from datetime import date

from acquis.accounts.models import Organisation, User
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import candidate_list, queries
from acquis.kernel.lists import pages
from acquis.kernel.models import StoredFile


def read_stored(
    stored: StoredFile, *, organisation: Organisation, by: User, on: date
) -> tuple[candidate_list.CandidateList, dict[int, FrameworkVersion]]:
    """The list, and the editions that its lines name. Raises UnreadableListError."""
    versions = list(readable_versions(by, organisation))
    exams = queries.exams_by_name(versions)
    found = candidate_list.read_candidates(pages.cells(stored), exams, on)
    return found, {version.pk: version for version in versions}
