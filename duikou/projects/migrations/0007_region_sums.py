"""Sums by region of the projects that are there already."""

from collections import defaultdict

from django.db import migrations

AMOUNTS = ("planned", "signed", "completed")
SUMS = [f"{name}_{what}" for name in AMOUNTS for what in ("sum", "unknown", "about", "over")]
FIELDS = ["count", *SUMS, "both_count", "both_signed", "both_completed"]


def numbers_of(project):
    """What one project adds."""
    numbers = {"count": 1}
    for name in AMOUNTS:
        amount, bound = getattr(project, f"{name}_amount"), getattr(project, f"{name}_bound")
        numbers[f"{name}_sum"] = amount.cents if amount is not None else 0
        numbers[f"{name}_unknown"] = int(amount is None)
        numbers[f"{name}_about"] = int(amount is not None and bound in {"about", "at_most"})
        numbers[f"{name}_over"] = int(amount is not None and bound == "at_least")
    both = project.signed_amount is not None and project.completed_amount is not None
    numbers["both_count"] = int(both)
    numbers["both_signed"] = project.signed_amount.cents if both else 0
    numbers["both_completed"] = project.completed_amount.cents if both else 0
    return [numbers[name] for name in FIELDS]


def fill(apps, schema_editor):
    """One pass over the projects that not everybody sees."""
    cells, years = defaultdict(lambda: [0] * len(FIELDS)), defaultdict(lambda: [0] * len(FIELDS))
    projects = apps.get_model("projects", "Project").objects.filter(merged_into=None, visibility="pairing")
    needed = ("programme", "pairing", "first_region", "second_region", "clause", "state", "visibility", "year")
    amounts = [f"{name}_{what}" for name in AMOUNTS for what in ("amount", "bound")]
    for project in projects.only(*needed, *amounts).iterator(chunk_size=2000):
        numbers = numbers_of(project)
        for side in ("first", "second"):
            region = getattr(project, f"{side}_region_id")
            if region is None:
                continue
            place = (project.programme_id, project.pairing_id, side, region)
            for sums in (cells[(*place, project.clause_id, project.state)], years[(*place, project.year)]):
                sums[:] = [a + b for a, b in zip(sums, numbers, strict=True)]
    for name, found, rest in (
        ("RegionCellSummary", cells, ("clause_id", "state")),
        ("RegionYearSummary", years, ("year",)),
    ):
        table = apps.get_model("projects", name)
        key = ("programme_id", "pairing_id", "side", "region_id", *rest)
        table.objects.bulk_create(
            (
                table(
                    visibility="pairing", **dict(zip(key, place, strict=True)), **dict(zip(FIELDS, sums, strict=True))
                )
                for place, sums in found.items()
            ),
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_scale")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
