"""Many rows at once are the rows one would have saved."""

import datetime as dt

import pytest

from duikou.kernel.bulk import insert_many
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
