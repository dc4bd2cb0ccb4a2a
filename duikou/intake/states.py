"""States of an import and fates of its rows, with the labels people see."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from duikou.kernel.transitions import Machine


class RunState(TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("已上传，待确认列对应")
    CHECKING = "checking", _("正在试运行")
    CHECKED = "checked", _("试运行完成，待提交")
    COMMITTING = "committing", _("正在写入")
    COMMITTED = "committed", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("失败")


class Fate(TextChoices):
    """What a dry run says will become of a row."""

    NEW = "new", _("新增")
    UPDATE = "update", _("更新")
    SAME = "same", _("与已有记录相同")
    NEAR = "near", _("疑似重复，待决定")
    ASIDE = "aside", _("另作统计")
    ERROR = "error", _("有错误")
    SKIPPED = "skipped", _("不导入（空行、合计、小标题）")


class Severity(TextChoices):
    """How much a finding weighs: an error keeps the row out, the others do not."""

    ERROR = "error", _("错误")
    WARNING = "warning", _("提醒")
    NOTE = "note", _("说明")


class Choice(TextChoices):
    """What a person decides for a near-duplicate."""

    NEW = "new", _("作为新记录导入")
    SAME = "same", _("与所选记录相同，不重复导入")
    UPDATE = "update", _("用本行补充所选记录")
    SKIP = "skip", _("不导入本行")


_S = RunState
RUN: Machine[RunState] = Machine(
    {
        _S.UPLOADED: {"check": _S.CHECKING, "cancel": _S.CANCELLED},
        _S.CHECKING: {"finish_check": _S.CHECKED, "cancel": _S.CANCELLED, "fail": _S.FAILED, "remap": _S.UPLOADED},
        _S.CHECKED: {"commit": _S.COMMITTING, "check": _S.CHECKING, "remap": _S.UPLOADED, "cancel": _S.CANCELLED},
        _S.COMMITTING: {"finish_commit": _S.COMMITTED, "hold": _S.CHECKED, "fail": _S.FAILED},
        _S.COMMITTED: {},
        _S.CANCELLED: {"remap": _S.UPLOADED},
        _S.FAILED: {"check": _S.CHECKING, "remap": _S.UPLOADED, "cancel": _S.CANCELLED},
    }
)
OPEN = (_S.UPLOADED, _S.CHECKING, _S.CHECKED, _S.COMMITTING, _S.FAILED)
"""States in which an import still waits for somebody or something."""
RUNNING = (_S.CHECKING, _S.COMMITTING)

TRAIL_ACTIONS = {
    "intake.run.uploaded": _("上传导入文件"),
    "intake.run.mapped": _("确认列对应"),
    "intake.run.checked": _("试运行导入文件"),
    "intake.run.held": _("数据有变化，导入待确认"),
    "intake.run.committed": _("写入导入的数据"),
    "intake.run.cancelled": _("取消导入"),
    "intake.run.failed": _("导入失败"),
    "intake.decision.made": _("决定疑似重复的行"),
}
"""What this room leaves in the trail, in words."""

TRAIL_FIELDS = {
    **{fate.value: fate.label for fate in Fate},
    "run": _("导入"),
    "mapping": _("列对应"),
    "sheet": _("工作表"),
    "row": _("行"),
    "left_out": _("确认跳过的有错误的行"),
}
"""Names of what it keeps there beside the fields of its models."""
