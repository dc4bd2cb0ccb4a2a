"""Codes and stored values of the trail in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.records.selectors.actions import ACTIONS

VERBS = {
    "absorbed": gettext_lazy("并入"),
    "accept": gettext_lazy("接受"),
    "add": gettext_lazy("添加"),
    "cancel": gettext_lazy("取消"),
    "close": gettext_lazy("办结"),
    "commit": gettext_lazy("提交"),
    "confirm": gettext_lazy("确认"),
    "contest": gettext_lazy("提出异议"),
    "create": gettext_lazy("新建"),
    "delete": gettext_lazy("删除"),
    "dismiss": gettext_lazy("忽略"),
    "done": gettext_lazy("办结"),
    "end": gettext_lazy("结束"),
    "export": gettext_lazy("导出"),
    "import": gettext_lazy("导入"),
    "invite": gettext_lazy("邀请"),
    "load": gettext_lazy("载入"),
    "merge": gettext_lazy("合并"),
    "move": gettext_lazy("流转"),
    "negotiate": gettext_lazy("开始洽谈"),
    "open": gettext_lazy("发起"),
    "produce": gettext_lazy("投产"),
    "purge": gettext_lazy("清理"),
    "read": gettext_lazy("查看"),
    "record": gettext_lazy("登记"),
    "remove": gettext_lazy("移除"),
    "reopen": gettext_lazy("重新储备"),
    "reported_by_other_side": gettext_lazy("另一侧填报"),
    "resume_production": gettext_lazy("恢复生产"),
    "resume_signed": gettext_lazy("恢复签约状态"),
    "resume_talks": gettext_lazy("恢复洽谈"),
    "resume_work": gettext_lazy("恢复施工"),
    "revoke": gettext_lazy("撤销"),
    "save": gettext_lazy("保存"),
    "seed": gettext_lazy("初始化"),
    "set": gettext_lazy("设置"),
    "sign": gettext_lazy("签约"),
    "start": gettext_lazy("开始"),
    "state_corrected": gettext_lazy("更正状态"),
    "suspend": gettext_lazy("暂停"),
    "terminate": gettext_lazy("终止"),
    "update": gettext_lazy("修改"),
    "verify": gettext_lazy("核验"),
}


def kind_label(kind: str) -> str:
    """What a subject is called ("projects.project" → 合作项目)."""
    model = model_of(kind)
    return str(model._meta.verbose_name) if model else kind


def action_label(action: str) -> str:
    """What was done, in words; unknown verbs stay as they are."""
    if action in ACTIONS:
        return str(ACTIONS[action])
    room, _dot, rest = action.partition(".")
    noun, _dot, verb = rest.rpartition(".")
    stem = verb.removesuffix("d") if verb.removesuffix("d") in VERBS else verb.removesuffix("ed")
    known = VERBS.get(verb) or VERBS.get(stem)
    if known is None:
        return action
    return _("%(verb)s%(noun)s") % {"verb": known, "noun": kind_label(f"{room}.{noun}" if noun else room)}


def changes_in_words(kind: str, before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    """`(field, before, after)` with translated labels and values."""
    old = before if isinstance(before, Mapping) else {"": before} if before is not None else {}
    new = after if isinstance(after, Mapping) else {"": after} if after is not None else {}
    fields = _fields(kind)
    return [
        (
            str(getattr(fields.get(name), "verbose_name", name)),
            _value(fields.get(name), old[name]) if name in old else None,
            _value(fields.get(name), new[name]) if name in new else None,
        )
        for name in {**old, **new}
    ]


@lru_cache(maxsize=512)
def model_of(kind: str) -> type[models.Model] | None:
    """The model that a kind of subject names, if there is one."""
    app, _dot, name = kind.partition(".")
    try:
        return apps.get_model(app, name)
    except (LookupError, ValueError):
        return None


def _fields(kind: str) -> dict[str, Any]:
    model = model_of(kind)
    if model is None:
        return {}
    found = {field.name: field for field in model._meta.concrete_fields}
    return found | {field.attname: field for field in model._meta.concrete_fields}


def _value(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, Mapping):
        label = value.get("label")
        return str(label) if label else "; ".join(f"{key}={inner}" for key, inner in value.items())
    if isinstance(value, list):
        return _("、").join(_value(field, inner) for inner in value)
    choices = dict(field.flatchoices) if field is not None and getattr(field, "choices", None) else {}
    return str(choices.get(value, value))
