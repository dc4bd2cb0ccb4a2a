import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0002_region_centre"),
        ("projects", "0005_cautious_wordings"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionCellSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(default=0)),
                ("planned_sum", models.BigIntegerField(default=0)),
                ("planned_unknown", models.BigIntegerField(default=0)),
                ("planned_about", models.BigIntegerField(default=0)),
                ("planned_over", models.BigIntegerField(default=0)),
                ("signed_sum", models.BigIntegerField(default=0)),
                ("signed_unknown", models.BigIntegerField(default=0)),
                ("signed_about", models.BigIntegerField(default=0)),
                ("signed_over", models.BigIntegerField(default=0)),
                ("completed_sum", models.BigIntegerField(default=0)),
                ("completed_unknown", models.BigIntegerField(default=0)),
                ("completed_about", models.BigIntegerField(default=0)),
                ("completed_over", models.BigIntegerField(default=0)),
                ("both_count", models.BigIntegerField(default=0)),
                ("both_signed", models.BigIntegerField(default=0)),
                ("both_completed", models.BigIntegerField(default=0)),
                (
                    "side",
                    models.CharField(choices=[("first", "甲侧"), ("second", "乙侧"), ("none", "未注明")], max_length=6),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("lead", "储备"),
                            ("negotiating", "洽谈"),
                            ("signed", "已签约"),
                            ("started", "已开工"),
                            ("in_production", "已投产"),
                            ("closed", "已办结"),
                            ("suspended", "已暂停"),
                            ("terminated", "已终止"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(choices=[("public", "全体登录用户"), ("pairing", "仅本对口关系")], max_length=8),
                ),
            ],
            options={
                "verbose_name": "地区任务汇总",
            },
        ),
        migrations.CreateModel(
            name="RegionYearSummary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(default=0)),
                ("planned_sum", models.BigIntegerField(default=0)),
                ("planned_unknown", models.BigIntegerField(default=0)),
                ("planned_about", models.BigIntegerField(default=0)),
                ("planned_over", models.BigIntegerField(default=0)),
                ("signed_sum", models.BigIntegerField(default=0)),
                ("signed_unknown", models.BigIntegerField(default=0)),
                ("signed_about", models.BigIntegerField(default=0)),
                ("signed_over", models.BigIntegerField(default=0)),
                ("completed_sum", models.BigIntegerField(default=0)),
                ("completed_unknown", models.BigIntegerField(default=0)),
                ("completed_about", models.BigIntegerField(default=0)),
                ("completed_over", models.BigIntegerField(default=0)),
                ("both_count", models.BigIntegerField(default=0)),
                ("both_signed", models.BigIntegerField(default=0)),
                ("both_completed", models.BigIntegerField(default=0)),
                (
                    "side",
                    models.CharField(choices=[("first", "甲侧"), ("second", "乙侧"), ("none", "未注明")], max_length=6),
                ),
                ("year", models.PositiveSmallIntegerField(null=True)),
                (
                    "visibility",
                    models.CharField(choices=[("public", "全体登录用户"), ("pairing", "仅本对口关系")], max_length=8),
                ),
            ],
            options={
                "verbose_name": "地区年度汇总",
            },
        ),
        migrations.RemoveIndex(
            model_name="project",
            name="project_kind",
        ),
        migrations.RemoveIndex(
            model_name="project",
            name="project_industry",
        ),
        migrations.AlterField(
            model_name="project",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="projects.project",
                verbose_name="已并入",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(condition=models.Q(("kind__isnull", False)), fields=["kind"], name="project_kind"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("industry__isnull", False)), fields=["industry"], name="project_industry"
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="project_merged"
            ),
        ),
        migrations.AddField(
            model_name="regioncellsummary",
            name="clause",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.clause"
            ),
        ),
        migrations.AddField(
            model_name="regioncellsummary",
            name="pairing",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.pairing"
            ),
        ),
        migrations.AddField(
            model_name="regioncellsummary",
            name="programme",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.programme"
            ),
        ),
        migrations.AddField(
            model_name="regioncellsummary",
            name="region",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.region"
            ),
        ),
        migrations.AddField(
            model_name="regionyearsummary",
            name="pairing",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.pairing"
            ),
        ),
        migrations.AddField(
            model_name="regionyearsummary",
            name="programme",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.programme"
            ),
        ),
        migrations.AddField(
            model_name="regionyearsummary",
            name="region",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programme.region"
            ),
        ),
        migrations.AddIndex(
            model_name="regioncellsummary",
            index=models.Index(fields=["region", "pairing", "side"], name="region_cell_summary_key"),
        ),
        migrations.AddIndex(
            model_name="regionyearsummary",
            index=models.Index(fields=["region", "pairing", "side"], name="region_year_summary_key"),
        ),
    ]
