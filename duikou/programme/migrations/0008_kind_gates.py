from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0007_blockers"),
    ]

    operations = [
        migrations.AddField(
            model_name="projectkind",
            name="gates",
            field=models.JSONField(blank=True, default=list, verbose_name="各步关口"),
        ),
    ]
