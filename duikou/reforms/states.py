"""Lifecycles of a reform measure and of its adoption by a region, and the words of this room."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.transitions import Machine


class Side(TextChoices):
    """On which side of the programme's pairings a region stands; order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")


OTHER = {Side.FIRST.value: Side.SECOND.value, Side.SECOND.value: Side.FIRST.value}


class Reach(TextChoices):
    """Who may read a measure once it is published."""

    OFFICES = "offices", _("政府部门")
    PUBLIC = "public", _("公开")


class MeasureState(StrEnum):
    """Where a measure stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


MEASURE_LABELS: Mapping[MeasureState, Promise] = {
    MeasureState.DRAFT: _("起草中"),
    MeasureState.PUBLISHED: _("已发布"),
    MeasureState.WITHDRAWN: _("已撤回"),
    MeasureState.SUPERSEDED: _("已被取代"),
}
MEASURE_CHOICES = [(state.value, label) for state, label in MEASURE_LABELS.items()]

MEASURES = Machine(
    {
        MeasureState.DRAFT: {"publish": MeasureState.PUBLISHED},
        MeasureState.PUBLISHED: {"withdraw": MeasureState.WITHDRAWN, "supersede": MeasureState.SUPERSEDED},
        MeasureState.WITHDRAWN: {"publish": MeasureState.PUBLISHED},
        MeasureState.SUPERSEDED: {},
    }
)
"""What was published stays readable for those who followed it: it is withdrawn or superseded, never deleted."""


class AdoptionState(StrEnum):
    """How far one region is with one measure; no row means that it has not said anything."""

    FOLLOWING = "following"
    ADAPTING = "adapting"
    ADOPTED = "adopted"
    DECLINED = "declined"
    ENDED = "ended"


ADOPTION_LABELS: Mapping[AdoptionState, Promise] = {
    AdoptionState.FOLLOWING: _("已关注"),
    AdoptionState.ADAPTING: _("本地化中"),
    AdoptionState.ADOPTED: _("已推广"),
    AdoptionState.DECLINED: _("不采用"),
    AdoptionState.ENDED: _("已停止执行"),
}
ADOPTION_CHOICES = [(state.value, label) for state, label in ADOPTION_LABELS.items()]

ADOPTIONS = Machine(
    {
        AdoptionState.FOLLOWING: {
            "adapt": AdoptionState.ADAPTING,
            "adopt": AdoptionState.ADOPTED,
            "decline": AdoptionState.DECLINED,
        },
        AdoptionState.ADAPTING: {
            "adapt": AdoptionState.ADAPTING,
            "adopt": AdoptionState.ADOPTED,
            "decline": AdoptionState.DECLINED,
        },
        AdoptionState.ADOPTED: {"end": AdoptionState.ENDED, "correct": AdoptionState.ADAPTING},
        AdoptionState.DECLINED: {"follow": AdoptionState.FOLLOWING, "adapt": AdoptionState.ADAPTING},
        AdoptionState.ENDED: {"adapt": AdoptionState.ADAPTING},
    }
)
"""`adapt` again changes plan and unit; `correct` takes back what was registered as adopted by mistake; `end`: the
region's own document is no longer in force."""

FIRST_VERBS = ("follow", "adapt", "adopt", "decline")
"""Steps a region may begin with."""
FIRST_STATES = {
    "follow": AdoptionState.FOLLOWING,
    "adapt": AdoptionState.ADAPTING,
    "adopt": AdoptionState.ADOPTED,
    "decline": AdoptionState.DECLINED,
}
VERBS = ("follow", "adapt", "adopt", "decline", "end", "correct")
OPEN_STATES = (AdoptionState.FOLLOWING.value, AdoptionState.ADAPTING.value)


class TalkKind(TextChoices):
    """What somebody says of a measure."""

    QUESTION = "question", _("提问")
    COMMENT = "comment", _("意见")
    REPLY = "reply", _("答复")


TRAIL_ACTIONS = {
    "reforms.measure.created": _("起草改革经验"),
    "reforms.measure.updated": _("修改改革经验"),
    "reforms.measure.published": _("发布改革经验"),
    "reforms.measure.withdrawn": _("撤回改革经验"),
    "reforms.measure.superseded": _("改革经验被取代"),
    "reforms.measure.contact": _("登记改革经验联系人"),
    "reforms.measure.revealed": _("查看改革经验联系人"),
    "reforms.adoption.followed": _("关注改革经验"),
    "reforms.adoption.adapting": _("改革经验本地化"),
    "reforms.adoption.adopted": _("推广改革经验"),
    "reforms.adoption.declined": _("不采用改革经验"),
    "reforms.adoption.ended": _("停止执行推广的经验"),
    "reforms.adoption.corrected": _("撤销推广登记"),
    "reforms.adoption.imported": _("导入推广登记"),
    "reforms.effect.reported": _("报告推广成效"),
    "reforms.effect.corrected": _("更正推广成效"),
    "reforms.talk.asked": _("提问改革经验"),
    "reforms.talk.commented": _("对改革经验提出意见"),
    "reforms.talk.replied": _("答复改革经验提问"),
    "reforms.count.stated": _("登记推广数的公布口径"),
    "reforms.count.withdrawn": _("撤销推广数的公布口径"),
    "reforms.measures.exported": _("导出改革经验列表"),
    "reforms.adoptions.exported": _("导出推广列表"),
    "reforms.spread.exported": _("导出推广情况"),
    "reforms.matrix.exported": _("导出推广矩阵"),
    "reforms.counts.exported": _("导出推广数对照"),
}
"""What this room leaves in the trail, in words."""
TRAIL_KINDS = {
    "reforms.measures": _("改革经验列表"),
    "reforms.adoptions": _("推广列表"),
    "reforms.spread": _("推广情况"),
    "reforms.matrix": _("推广矩阵"),
    "reforms.counts": _("推广数对照"),
}
TRAIL_FIELDS = {
    "topic": _("改革主题"),
    "clauses": _("条款"),
    "region": _("地区"),
    "measure": _("改革经验"),
    "unit": _("责任单位"),
    "indicators": _("量化指标"),
    "text": _("文字"),
    "file": _("文件"),
    "query": _("筛选条件"),
    "rows": _("行数"),
}
"""Names of what it keeps there beside the fields of its models."""
TRAIL_VALUES = {
    "side": dict(Side.choices),
    "reach": dict(Reach.choices),
}
