"""Wordings that say nothing of a start of works are read as signed; some more wordings of public records."""

from django.db import migrations

from duikou.kernel.text import near_key

CAUTIOUS = ("推进中", "共建")
MORE = {
    "lead": ["前期工作", "策划"],
    "negotiating": ["有望签约", "对接中", "达成合作意向"],
    "signed": ["签署协议", "签约落地", "签署"],
    "started": ["已开工", "建设", "开工建设"],
    "in_production": ["建成", "已建成", "运行", "投入使用", "投入运营", "正式运营"],
    "closed": ["已完成", "已举办"],
}


def seed(apps, schema_editor):
    """Rows that somebody edited (their version moved on) stay as they are."""
    wording = apps.get_model("projects", "StateWording")
    keys = [near_key(text) for text in CAUTIOUS]
    wording.objects.filter(key__in=keys, state="started", version=1).update(
        state="signed", note="原文未说开工，按已签约登记"
    )
    known = set(wording.objects.values_list("key", flat=True))
    wording.objects.bulk_create(
        wording(key=near_key(text), wording=text, state=state)
        for state, texts in MORE.items()
        for text in texts
        if near_key(text) not in known
    )


class Migration(migrations.Migration):
    """Amends the seeds of `StateWording`."""

    dependencies = [("projects", "0004_figures")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
