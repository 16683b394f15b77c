from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from acquis.kernel import jobs
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.jobs import JobEnded
from acquis.kernel.models import Job
from tests.kernel.people import person

pytestmark = pytest.mark.django_db


class Refused(DomainRefusal):
    code = "tests.refused"
    message = "Le fichier de %(name)s est illisible."


@pytest.fixture
def declare(monkeypatch):
    def declared(function, kind="tests.count"):
        monkeypatch.setitem(jobs.KINDS, kind, jobs.Kind(kind, "Compter", function))

    return declared


def count(args, progress):
    for number in range(args["to"]):
        progress(number + 1, args["to"], f"{number + 1} sur {args['to']}")
    return {"counted": args["to"], "links": [{"label": "Voir", "url": "/"}]}


def enqueue(now, **options):
    return jobs.enqueue("tests.count", at=now, args={"to": 3}, **{"by": None, **options})


def test_job_runs_and_keeps_its_progress_and_result(now, declare):
    declare(count)
    job = enqueue(now, by=person())
    assert jobs.run_due(now=now)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message) == (Job.State.DONE, 3, 3, "3 sur 3")
    assert job.result["counted"] == 3
    assert not jobs.run_due(now=now)


def test_jobs_run_in_the_order_they_were_asked(now, declare):
    order = []
    declare(lambda args, _: order.append(args["to"]))
    for number in (1, 2, 3):
        jobs.enqueue("tests.count", by=None, at=now, args={"to": number})
    while jobs.run_due(now=now):
        pass
    assert order == [1, 2, 3]


def test_second_request_with_the_same_key_gives_back_the_active_job(now, declare):
    declare(count)
    first = enqueue(now, unique_key="copy:5")
    assert enqueue(now, unique_key="copy:5") == first
    jobs.run_due(now=now)
    assert enqueue(now, unique_key="copy:5") != first


def test_refusal_is_told_in_its_own_words(now, declare):
    def refuse(args, progress):
        raise Refused(name="M. Durand")

    declare(refuse)
    job = enqueue(now)
    jobs.run_due(now=now)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "Le fichier de M. Durand est illisible.")


def test_fault_ends_the_job_and_not_the_worker(now, declare, caplog):
    def fail(args, progress):
        raise KeyError("secret")

    declare(fail)
    job = enqueue(now, unique_key="x")
    assert jobs.run_due(now=now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "KeyError" in job.error
    assert "secret" not in job.error
    assert job.unique_key is None
    assert "KeyError" in caplog.text


def test_job_of_an_unknown_kind_fails(now, caplog):
    job = jobs.enqueue("tests.unknown", by=None, at=now, args={})
    jobs.run_due(now=now)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "tests.unknown" in caplog.text


def test_waiting_job_is_cancelled_at_once(now, declare):
    declare(count)
    job = jobs.cancel(job=enqueue(now), by=None, at=now)
    assert job.state == Job.State.CANCELLED
    assert not jobs.run_due(now=now)


def test_running_job_stops_at_its_next_progress(now, declare, monkeypatch):
    monkeypatch.setattr(jobs, "SHOWN_EVERY", 0)

    def cancelled_midway(args, progress):
        progress(1, 3)
        jobs.cancel(job=Job.objects.get(), by=None, at=now)
        progress(2, 3)
        raise AssertionError("went on")

    declare(cancelled_midway)
    job = enqueue(now)
    jobs.run_due(now=now)
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.CANCELLED, 2)


def test_ended_job_cannot_be_cancelled(now, declare):
    declare(count)
    job = enqueue(now)
    jobs.run_due(now=now)
    with pytest.raises(JobEnded):
        jobs.cancel(job=job, by=None, at=now)


def silent_since(job, moment):
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=1, started_at=moment, heartbeat_at=moment
    )


def test_job_of_a_killed_process_is_taken_up_again(now, declare):
    declare(count)
    job = enqueue(now)
    silent_since(job, now)
    assert not jobs.run_due(now=now + timedelta(seconds=29))
    assert jobs.run_due(now=now + timedelta(seconds=31))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_job_that_died_three_times_is_not_taken_up_again(now, declare):
    declare(count)
    job = enqueue(now, unique_key="copy:5")
    silent_since(job, now)
    Job.objects.update(attempts=3)
    assert not jobs.run_due(now=now + timedelta(minutes=1))
    job.refresh_from_db()
    assert (job.state, job.unique_key) == (Job.State.FAILED, None)
    assert "trois fois" in job.error


def test_worker_taken_for_dead_writes_nothing_more(now, declare, monkeypatch):
    monkeypatch.setattr(jobs, "SHOWN_EVERY", 0)

    def taken_over_midway(args, progress):
        progress(1, 3)
        Job.objects.update(attempts=2, done=0)
        progress(2, 3)
        raise AssertionError("went on")

    declare(taken_over_midway)
    job = enqueue(now)
    jobs.run_due(now=now)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done) == (Job.State.RUNNING, 2, 0)


def test_progress_told_a_thousand_times_is_written_a_few(now, declare, count_queries):
    declare(count)
    jobs.enqueue("tests.count", by=None, at=now, args={"to": 1000})
    assert count_queries(lambda: jobs.run_due(now=now)) < 20


@pytest.mark.django_db(transaction=True)
def test_silent_work_gives_signs_of_life(declare, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT", 0.02)
    beats = []

    def long_and_silent(args, progress):
        for _ in range(200):
            beats.append(Job.objects.get().heartbeat_at)
            if len(set(beats)) > 2:
                return
            timezone.now()

    declare(long_and_silent)
    enqueue(timezone.now())
    while jobs.run_due(now=timezone.now()):
        pass
    assert Job.objects.get().state == Job.State.DONE


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_the_same_job(now, declare):
    runs = []
    declare(lambda args, _: runs.append(args["to"]))
    for number in range(8):
        jobs.enqueue("tests.count", by=None, at=now, args={"to": number})

    def work():
        while jobs.run_due(now=now):
            pass
        connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(runs) == list(range(8))


def test_job_runs_in_the_terminal(now, declare):
    declare(count)
    ended = jobs.run_in_terminal(enqueue(now))
    assert (ended.state, ended.result["counted"]) == (Job.State.DONE, 3)
