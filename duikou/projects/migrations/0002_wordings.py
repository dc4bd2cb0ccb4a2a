"""The wordings that public records use, with the states they stand for; editable afterwards."""

from django.db import migrations

from duikou.kernel.text import near_key

WORDINGS = {
    "lead": ["谋划", "储备", "选址", "规划"],
    "negotiating": ["洽谈", "在谈", "意向", "拟签约", "达成意向"],
    "signed": ["签约", "已签约", "已签协议", "中标", "合作", "签订"],
    "started": ["开工", "在建", "推进中", "落地", "落户", "共建", "设立", "已注册", "揭牌", "建设中", "实施", "建立"],
    "in_production": ["投用", "投产", "运营", "建成投用", "建成投产", "已签协议/运营", "开通", "已投产", "在营"],
    "closed": ["完成", "举办", "办结", "印发", "竣工"],
    "suspended": ["暂停", "停工", "缓建"],
    "terminated": ["终止", "取消", "解约"],
    "": ["累计", "在岗"],
}


def seed(apps, schema_editor):
    wording = apps.get_model("projects", "StateWording")
    wording.objects.bulk_create(
        [wording(key=near_key(text), wording=text, state=state) for state, texts in WORDINGS.items() for text in texts]
    )


class Migration(migrations.Migration):
    """Seeds `StateWording`."""

    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
