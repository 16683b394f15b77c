"""What former sessions decided is kept with the enrolment, as it is from now on."""

from zoneinfo import ZoneInfo

from django.db import migrations

PARIS = ZoneInfo("Europe/Paris")


def keep_results(apps, _editor):
    Deliberation = apps.get_model("grading", "Deliberation")
    Result = apps.get_model("registrations", "Result")
    decided = (
        Deliberation.objects.filter(
            closed_at__isnull=False, candidate__session__state__in=["deliberated", "issued"]
        )
        .exclude(candidate__enrolment__in=Result.objects.values("enrolment"))
        .select_related("candidate__session")
        .order_by("-closed_at", "-pk")
    )
    kept = set()  # one enrolment may have been presented twice: its last result stands
    for one in decided:
        seat = one.candidate
        if seat.enrolment_id in kept:
            continue
        kept.add(seat.enrolment_id)
        passed_block = one.outcome == "passed" and seat.session.block
        Result.objects.create(
            enrolment_id=seat.enrolment_id,
            outcome=one.outcome,
            blocks=[seat.session.block] if passed_block else [],
            sat_on=seat.session.starts_at.astimezone(PARIS).date(),
            session_reference=seat.session.reference,
            decided_at=one.closed_at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("grading", "0004_blocks_are_decided"),
        ("registrations", "0011_a_block_is_held_once_an_edition"),
    ]
    operations = [migrations.RunPython(keep_results, migrations.RunPython.noop)]
