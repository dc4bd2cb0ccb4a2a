"""Many rows at once are the rows one would have saved."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from duikou.kernel.bulk import CHUNK, FEW, insert_many
from duikou.records.models import Blob, Evidence


@pytest.mark.django_db
def test_rows_written_in_bulk_read_back_as_given():
    at = dt.datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=dt.UTC)
    rows = ((f"{n:064x}", n * 10**12, "pdf", at) for n in range(3))
    assert insert_many(Blob, ["digest", "size", "kind", "created_at"], rows) == 3
    assert list(Blob.objects.order_by("size").values_list("size", "created_at")) == [(n * 10**12, at) for n in range(3)]


@pytest.mark.django_db
def test_foreign_keys_and_nothing_at_all_are_fine():
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    blob = Blob.objects.create(digest="a" * 64, size=1, kind="pdf", created_at=at)
    fields = [
        "blob",
        "subject_kind",
        "subject_id",
        "subject_label",
        "name",
        "note",
        "account_id",
        "actor_name",
        "organisation_name",
        "created_at",
    ]
    assert insert_many(Evidence, fields, []) == 0
    assert insert_many(Evidence, fields, [(blob.pk, "x.y", "1", "甲\t\\N\n", "名", "", None, "王", "", at)]) == 1
    assert (Evidence.objects.get().subject_label, Evidence.objects.get().account_id) == ("甲\t\\N\n", None)


NAMES = ["digest", "size", "kind", "created_at"]
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def blobs(start, number):
    return [(f"{n:064x}", n, "pdf", AT) for n in range(start, start + number)]


@pytest.mark.django_db
def test_one_row_and_rows_of_several_statements_are_stored_alike():
    assert insert_many(Blob, NAMES, blobs(0, 1)) == 1
    assert insert_many(Blob, NAMES, iter(blobs(1, CHUNK + FEW + 3))) == CHUNK + FEW + 3
    assert list(Blob.objects.order_by("size").values_list("digest", "size", "kind", "created_at")) == blobs(
        0, CHUNK + FEW + 4
    )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT {', '.join(f'typeof({name})' for name in NAMES)} FROM records_blob")  # noqa: S608
            assert cursor.fetchall() == [("text", "integer", "text", "text")]


@pytest.mark.django_db
@pytest.mark.parametrize("many", [2, FEW + 1])
def test_a_row_that_is_there_already_is_an_error_and_nothing_is_left(many):
    insert_many(Blob, NAMES, blobs(5, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(Blob, NAMES, blobs(5, many))
    assert Blob.objects.count() == 1
    with transaction.atomic():
        assert insert_many(Blob, NAMES, blobs(6, many)) == many
    assert Blob.objects.count() == 1 + many
