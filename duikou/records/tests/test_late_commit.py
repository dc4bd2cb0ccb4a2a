"""On PostgreSQL a lower id may be committed after a higher one was sealed; it is linked later, never lost."""

import threading

import pytest
from django.db import connection, transaction

from duikou.kernel.actor import Actor
from duikou.records.models import AuditLink
from duikou.records.services.audit import SubjectRef, record
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify

ME = Actor.job("test")


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_linked_later():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: ids become visible in their order")
    written, go_on = threading.Event(), threading.Event()
    ids = []

    def slow_writer():
        try:
            with transaction.atomic():
                ids.append(record(actor=ME, action="x.y.z", subject=SubjectRef("x.y", "slow")).pk)
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert written.wait(20)
    with transaction.atomic():
        quick = record(actor=ME, action="x.y.z", subject=SubjectRef("x.y", "quick")).pk
    trail_seal()
    go_on.set()
    thread.join(20)
    assert ids[0] < quick
    assert list(AuditLink.objects.filter(event_id__in=[ids[0], quick]).values_list("event_id", flat=True)) == [quick]
    assert trail_seal().linked == 1
    assert AuditLink.objects.get(event_id=ids[0]).position > AuditLink.objects.get(event_id=quick).position
    assert trail_verify(actor=ME).first is None


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain():
    if connection.vendor != "postgresql":
        pytest.skip("the test database of SQLite lives in one connection")
    with transaction.atomic():
        for number in range(300):
            record(actor=ME, action="x.y.z", subject=SubjectRef("x.y", str(number)))

    def run():
        try:
            trail_seal()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    trail_seal()
    report = trail_verify(actor=ME)
    assert report.first is None
    assert report.unsealed == 0
