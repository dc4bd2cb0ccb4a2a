"""A near key becomes one number; the keys of the projects that are there are made anew."""

from django.db import migrations, models

from duikou.projects.services.near import near_keys

BATCH = 2_000


def fill(apps, schema_editor):
    """One pass over the projects."""
    Pairing = apps.get_model("programme", "Pairing")
    parents = dict(Pairing.objects.values_list("pk", "parent_id"))

    def root(pk):
        while parents[pk] is not None:
            pk = parents[pk]
        return pk

    table = apps.get_model("projects", "ProjectNearKey")
    rows = []
    projects = apps.get_model("projects", "Project").objects.values_list("pk", "pairing_id", "name")
    for pk, pairing, name in projects.iterator(chunk_size=BATCH):
        rows += [table(id=key << 31 | pk) for key in near_keys(root(pairing), name)]
        if len(rows) >= BATCH:
            table.objects.bulk_create(rows)
            rows = []
    table.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_region_sums"), ("programme", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="ProjectNearKey"),
        migrations.CreateModel(
            name="ProjectNearKey",
            fields=[("id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="键"))],
            options={"verbose_name": "相近名称键"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
