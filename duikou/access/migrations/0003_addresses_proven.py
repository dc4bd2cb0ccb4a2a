"""Accounts came by invitation to their address, or from the house's keeper: what they hold now is taken as proven.

An address that was entered without proof on the page of addresses has a row already and stays unproven.
"""

from django.conf import settings
from django.db import migrations


def prove(apps, schema_editor):
    """One proven row for every account that has an address and no row yet."""
    account, address = apps.get_model("access", "Account"), apps.get_model("account", "EmailAddress")
    known = set(address.objects.values_list("user_id", flat=True))
    taken = set(address.objects.filter(verified=True).values_list("email", flat=True))
    address.objects.bulk_create(
        (
            address(user_id=pk, email=email.lower(), verified=True, primary=True)
            for pk, email in account.objects.exclude(email="").values_list("pk", "email")
            if pk not in known and email.lower() not in taken
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_second_person"),
        ("account", "0009_emailaddress_unique_primary_email"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(prove, migrations.RunPython.noop)]
