"""Words and lifecycles of parks: residents from talks to moving out, figures and splits from draft to acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.transitions import Machine


class Mode(TextChoices):
    """How the two sides run the park together."""

    JOINT = "joint", _("合作共建")
    ENTRUSTED = "entrusted", _("委托管理")
    ENCLAVE = "enclave", _("飞地经济")
    SHARES = "shares", _("股份合作")
    BRANCH = "branch", _("设立分园")
    OTHER = "other", _("其他")


class Side(TextChoices):
    """First and second are order, not rank."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")


class Origin(TextChoices):
    """From where a company came."""

    FIRST = "first", _("甲侧")
    SECOND = "second", _("乙侧")
    ELSEWHERE = "elsewhere", _("其他地区")


class AgreementKind(TextChoices):
    """What an agreement of a park is about."""

    JOINT = "joint", _("共建协议")
    SHARING = "sharing", _("利益分享协议")
    ENTRUSTED = "entrusted", _("托管协议")
    COMPANY = "company", _("公司章程或出资协议")
    OTHER = "other", _("其他协议")


class ResidentState(StrEnum):
    """How far a company has settled."""

    TALKING = "talking"
    SIGNED = "signed"
    BUILDING = "building"
    PRODUCING = "producing"
    LEFT = "left"


RESIDENT_LABELS: Mapping[ResidentState, Promise] = {
    ResidentState.TALKING: _("在谈"),
    ResidentState.SIGNED: _("已签约"),
    ResidentState.BUILDING: _("在建"),
    ResidentState.PRODUCING: _("已投产"),
    ResidentState.LEFT: _("已迁出"),
}
RESIDENT_CHOICES = [(state.value, label) for state, label in RESIDENT_LABELS.items()]
SETTLED = (ResidentState.SIGNED.value, ResidentState.BUILDING.value, ResidentState.PRODUCING.value)
"""In these a company belongs to the park."""

_R = ResidentState
RESIDENT: Machine[ResidentState] = Machine(
    {
        _R.TALKING: {"sign": _R.SIGNED, "build": _R.BUILDING, "produce": _R.PRODUCING, "leave": _R.LEFT},
        _R.SIGNED: {"build": _R.BUILDING, "produce": _R.PRODUCING, "leave": _R.LEFT},
        _R.BUILDING: {"produce": _R.PRODUCING, "leave": _R.LEFT},
        _R.PRODUCING: {"leave": _R.LEFT},
        _R.LEFT: {},
    }
)
"""A company that comes back is a new stay; a state recorded wrongly is put right in the form, with a reason."""
RESIDENT_VERBS: Mapping[str, Promise] = {
    "sign": _("签约入园"),
    "build": _("开工建设"),
    "produce": _("投产"),
    "leave": _("迁出"),
}


class Grain(TextChoices):
    """How long a span of figures is."""

    MONTH = "month", _("月度")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年度")


class ReviewState(StrEnum):
    """Where a row of figures, or a split, stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


REVIEW_LABELS: Mapping[ReviewState, Promise] = {
    ReviewState.DRAFT: _("草稿"),
    ReviewState.SUBMITTED: _("待审核"),
    ReviewState.ACCEPTED: _("已审核"),
    ReviewState.SUPERSEDED: _("已被更正"),
}
REVIEW_CHOICES = [(state.value, label) for state, label in REVIEW_LABELS.items()]
OPEN_REVIEW = (ReviewState.DRAFT.value, ReviewState.SUBMITTED.value)

_V = ReviewState
REVIEW: Machine[ReviewState] = Machine(
    {
        _V.DRAFT: {"submit": _V.SUBMITTED},
        _V.SUBMITTED: {"accept": _V.ACCEPTED, "return": _V.DRAFT},
        _V.ACCEPTED: {"supersede": _V.SUPERSEDED},
        _V.SUPERSEDED: {},
    }
)
"""What is accepted never changes: a correction is a new row with its reason, which replaces it once accepted."""


class Measure(TextChoices):
    """What is reported of a company; money in 元 but for jobs."""

    INVESTMENT = "investment", _("固定资产投资")
    OUTPUT = "output", _("产值")
    SALES = "sales", _("销售收入")
    PROFIT = "profit", _("利润总额")
    TAX = "tax", _("税收")
    VAT = "vat", _("增值税地方分享部分")
    CIT = "cit", _("企业所得税地方分享部分")
    PIT = "pit", _("个人所得税地方分享部分")


MEASURES = tuple(Measure.values)
TAX_KINDS = (Measure.VAT.value, Measure.CIT.value, Measure.PIT.value)
MAY_FALL = (Measure.PROFIT.value,)
"""Of these a figure may be below nothing."""
MAIN = (Measure.INVESTMENT.value, Measure.OUTPUT.value, Measure.SALES.value, Measure.TAX.value)
"""What totals show to those who see no single company."""
SPLIT_CHOICES = [(one.value, one.label) for one in (Measure.INVESTMENT, Measure.OUTPUT, Measure.SALES, Measure.TAX)]
"""What two sides agree to split for their own assessment."""

TRAIL_ACTIONS: Mapping[str, Promise] = {
    "parks.park.opened": _("建立园区页"),
    "parks.park.updated": _("修改园区信息"),
    "parks.agreement.added": _("登记园区协议"),
    "parks.agreement.updated": _("修改园区协议"),
    "parks.resident.added": _("登记入园企业"),
    "parks.resident.updated": _("修改入园企业"),
    "parks.resident.sign": _("企业签约入园"),
    "parks.resident.build": _("企业开工建设"),
    "parks.resident.produce": _("企业投产"),
    "parks.resident.leave": _("企业迁出园区"),
    "parks.figure.entered": _("填报在地数据"),
    "parks.figure.updated": _("修改在地数据"),
    "parks.figure.dropped": _("删除在地数据草稿"),
    "parks.figure.submitted": _("提交在地数据"),
    "parks.figure.accepted": _("审核通过在地数据"),
    "parks.figure.returned": _("退回在地数据"),
    "parks.figure.read": _("查看企业数据"),
    "parks.split.made": _("编制协议分成"),
    "parks.split.submitted": _("提交协议分成"),
    "parks.split.accepted": _("确认协议分成"),
    "parks.split.returned": _("退回协议分成"),
    "parks.split.superseded": _("协议分成被更正取代"),
    "parks.split.dropped": _("删除协议分成草稿"),
    "parks.list.exported": _("导出园区数据"),
}
"""What this room leaves in the trail, in words."""
TRAIL_KINDS: Mapping[str, Promise] = {"parks.list": _("园区数据表")}
"""Subjects there that no model names."""
TRAIL_FIELDS: Mapping[str, Promise] = {
    "companies": _("企业数"),
    "what": _("内容"),
    "rows": _("行数"),
    "query": _("筛选条件"),
}
"""Names of what it keeps there beside the fields of its models."""
