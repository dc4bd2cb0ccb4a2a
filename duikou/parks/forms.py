"""What people fill in about parks, companies, official figures and splits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.area import parse_area
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.web.nul import name_nul
from duikou.parks.models import OfficialFigure, Park, ParkAgreement, Resident
from duikou.parks.rules.outline import MOST_BYTES, BadOutline, outline_of
from duikou.parks.rules.spans import Span, span_of_text
from duikou.parks.services.agreements import AgreementDraft
from duikou.parks.services.cells import exact_amount, industry_named
from duikou.parks.services.figures import FigureDraft, as_amounts
from duikou.parks.services.parks import ParkDraft
from duikou.parks.services.residents import ResidentDraft
from duikou.parks.services.splits import SplitDraft
from duikou.parks.states import (
    MEASURES,
    RESIDENT_CHOICES,
    SPLIT_CHOICES,
    AgreementKind,
    Measure,
    Mode,
    Origin,
    Side,
)

OUTLINE_WORDS = {
    "size": _l("文件过大，范围图形最多400KB。"),
    "json": _l("不是可读的GeoJSON文件。"),
    "kind": _l("请上传只含一个面（Polygon 或 MultiPolygon）的GeoJSON，首尾点相同。"),
    "points": _l("范围图形应有4至2000个点。"),
    "place": _l("图形不在中国境内，请核对经纬度顺序（经度在前）和坐标系。"),
    "extent": _l("图形跨度超过约100公里，不像一个园区。"),
    "crossing": _l("图形的边线自相交叉。"),
}


class Day(forms.DateInput):
    """A date the browser helps with."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AreaInput(forms.CharField):
    """An area as people write it, in 亩 where no unit is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        """The area, or None for nothing."""
        text = super().clean(value)
        try:
            return parse_area(text) if text else None
        except Invalid as bad:
            raise ValidationError(bad.message) from None


class AmountInput(forms.CharField):
    """An exact amount in 万元 where no unit is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        """Money, or None for unknown."""
        try:
            return exact_amount(super().clean(value))
        except Invalid as bad:
            raise ValidationError(bad.message) from None


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=Day(), **more)


class ParkForm(_Form):
    """The facts of a park."""

    mode = forms.ChoiceField(label=_l("合作模式"), choices=Mode.choices)
    side = forms.ChoiceField(label=_l("所在一侧"), help_text=_l("这一侧的办公室审核在地数据。"))
    manager = forms.ChoiceField(
        label=_l("填报单位"),
        required=False,
        help_text=_l("项目的合作单位之一，登记企业和填报数据；不选则由两侧办公室填报。"),
    )
    area = AreaInput(label=_l("面积（亩）"), help_text=_l("可带单位，如“26平方公里”，按1平方公里=1500亩换算。"))
    area_note = forms.CharField(label=_l("面积说明"), required=False, max_length=200)
    company = forms.CharField(label=_l("开发运营公司"), required=False, max_length=200)
    valid_from = _day(_l("合作期自"))
    valid_to = _day(_l("合作期至"))
    team = forms.CharField(
        label=_l("管理团队"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_l("每行一个岗位和人数，如“管委会副主任 1”；不登记个人信息。"),
    )
    boundary = forms.CharField(
        label=_l("四至范围"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    outline = forms.FileField(label=_l("范围图形（GeoJSON文件）"), required=False)
    no_outline = forms.BooleanField(label=_l("删除现有的范围图形"), required=False)
    note = forms.CharField(label=_l("说明"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, sides: tuple[str, str], managers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["side"].choices = [(side, name) for side, name in zip(Side.values, sides, strict=True) if name]
        choices["manager"].choices = [("", _("不指定")), *((str(pk), name) for pk, name in managers)]

    def clean_team(self) -> list[dict[str, Any]]:
        """Lines of a role and a number."""
        found = []
        for line in self.cleaned_data["team"].splitlines():
            if not line.strip():
                continue
            role, _space, number = line.replace("，", " ").replace(",", " ").strip().rpartition(" ")
            number = number.strip().removesuffix("人")
            if not role.strip() or not number.isdecimal() or len(number) > 6:
                raise ValidationError(_("无法识别“%(line)s”，请写岗位、空格和人数。") % {"line": line[:40]})
            found.append({"role": role.strip(), "people": int(number)})
        return found

    def clean_outline(self) -> Any:
        """The rings of the uploaded polygon, or None."""
        file = self.cleaned_data["outline"]
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(OUTLINE_WORDS["size"])
        try:
            return outline_of(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError(OUTLINE_WORDS["json"]) from None
        except BadOutline as bad:
            raise ValidationError(OUTLINE_WORDS[bad.code]) from None

    def draft(self, park: Park | None) -> ParkDraft:
        """The facts as services take them; without a new file the outline stays."""
        data = {**self.cleaned_data}
        removed, outline, manager = data.pop("no_outline"), data.pop("outline"), data.pop("manager")
        kept = park.outline if park is not None and not removed else None
        return ParkDraft(**data, outline=outline or kept, manager_id=int(manager) if manager else None)


def park_initial(park: Park) -> dict[str, Any]:
    """A park as `ParkForm` shows it."""
    names = ("mode", "side", "area", "area_note", "company", "valid_from", "valid_to", "boundary", "note")
    team = "\n".join(f"{one['role']} {one['people']}" for one in park.team)
    return {**{name: getattr(park, name) for name in names}, "manager": park.manager_id or "", "team": team}


class AgreementForm(_Form):
    """What was signed."""

    kind = forms.ChoiceField(label=_l("协议类别"), choices=AgreementKind.choices)
    title = forms.CharField(label=_l("协议名称"), max_length=200)
    first_party = forms.CharField(max_length=200)
    second_party = forms.CharField(max_length=200)
    signed_on = _day(_l("签署日期"))
    valid_from = _day(_l("生效日期"))
    valid_to = _day(_l("截止日期"))
    first_weight = forms.DecimalField(required=False, min_value=0, max_value=1000, decimal_places=3)
    second_weight = forms.DecimalField(required=False, min_value=0, max_value=1000, decimal_places=3)
    supersedes = forms.ChoiceField(label=_l("取代的协议"), required=False)
    terms = forms.CharField(
        label=_l("主要约定"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_l("利益分享的具体规则以文字登记；协议文件保存后在协议页上传。"),
    )

    def __init__(self, *args: Any, sides: tuple[str, str], others: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, side in zip(("first", "second"), sides, strict=True):
            shown = side or _("乙侧")
            self.fields[f"{name}_party"].label = _("%(side)s签署方") % {"side": shown}
            self.fields[f"{name}_weight"].label = _("%(side)s分成比例") % {"side": shown}
        choices: Any = self.fields["supersedes"]
        choices.choices = [("", _("没有")), *((str(pk), title) for pk, title in others)]

    def draft(self) -> AgreementDraft:
        """As services take it."""
        data = {**self.cleaned_data}
        older = data.pop("supersedes")
        return AgreementDraft(**data, supersedes_id=int(older) if older else None)


def agreement_initial(row: ParkAgreement) -> dict[str, Any]:
    """An agreement as `AgreementForm` shows it."""
    names = AgreementDraft.__dataclass_fields__.keys() - {"supersedes_id"}
    return {**{name: getattr(row, name) for name in names}, "supersedes": row.supersedes_id or ""}


class ResidentForm(_Form):
    """A company's stay."""

    name = forms.CharField(label=_l("企业名称"), max_length=120)
    uscc = forms.CharField(label=_l("统一社会信用代码"), required=False, max_length=40)
    origin = forms.ChoiceField(label=_l("来自"))
    industry = forms.CharField(
        label=_l("行业（GB/T 4754代码）"), required=False, max_length=60, help_text=_l("代码或名称，如 34 或 C34。")
    )
    state = forms.ChoiceField(label=_l("状态"), choices=RESIDENT_CHOICES)
    land = AreaInput(label=_l("用地面积（亩）"))
    moved_in_on = _day(_l("入园日期"))
    produced_on = _day(_l("投产日期"))
    moved_out_on = _day(_l("迁出日期"), help_text=_l("只有已迁出的企业填写。"))
    out_reason = forms.CharField(label=_l("迁出原因"), required=False, max_length=500)
    reason = forms.CharField(
        label=_l("修改理由"), required=False, max_length=500, help_text=_l("更正状态时要写明，记入历史。")
    )

    def __init__(self, *args: Any, sides: tuple[str, str], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"first": sides[0], "second": sides[1] or _("乙侧")}
        choices: Any = self.fields["origin"]
        choices.choices = [(one, labels.get(one) or Origin(one).label) for one in Origin.values]
        if is_new:
            del self.fields["reason"]

    def clean_industry(self) -> int | None:
        """The industry by code, with or without its section's letter, or by name."""
        text = self.cleaned_data["industry"].strip()
        try:
            return industry_named(text).pk if text else None
        except Invalid as bad:
            raise ValidationError(bad.message) from None

    def draft(self, organisation_id: int | None) -> ResidentDraft:
        """As services take it."""
        data = {**self.cleaned_data}
        data.pop("reason", None)
        industry = data.pop("industry")
        return ResidentDraft(**data, organisation_id=organisation_id, industry_id=industry)


def resident_initial(row: Resident) -> dict[str, Any]:
    """A stay as `ResidentForm` shows it."""
    names = ResidentDraft.__dataclass_fields__.keys() - {"organisation_id", "industry_id"}
    return {**{name: getattr(row, name) for name in names}, "industry": row.industry.code if row.industry else ""}


class MoveForm(_Form):
    """A step of a company's stay."""

    on = _day(_l("发生日期"))
    reason = forms.CharField(label=_l("迁出原因"), max_length=500)

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verb != "leave":
            del self.fields["reason"]


class ReasonForm(_Form):
    """Why something is sent back."""

    reason = forms.CharField(label=_l("退回意见"), max_length=500, widget=forms.Textarea({"rows": 3}))


class FigureForm(_Form):
    """Official figures of one company and span."""

    span = forms.CharField(
        label=_l("期间"), max_length=30, help_text=_l("年、季度或月：2025年、2025年第三季度、2025年7月。")
    )
    investment = AmountInput(label=_l("固定资产投资（万元）"))
    output = AmountInput(label=_l("产值（万元）"))
    sales = AmountInput(label=_l("销售收入（万元）"))
    profit = AmountInput(label=_l("利润总额（万元，亏损写负数）"))
    tax = AmountInput(label=_l("税收（万元）"))
    vat = AmountInput(label=_l("其中：增值税地方分享部分（万元）"))
    cit = AmountInput(label=_l("其中：企业所得税地方分享部分（万元）"))
    pit = AmountInput(label=_l("其中：个人所得税地方分享部分（万元）"))
    jobs = forms.IntegerField(label=_l("期末就业人数"), required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=_l("填报说明"), required=False, max_length=500, help_text=_l("与其他期别不一致时，请写明原因。")
    )
    reason = forms.CharField(
        label=_l("更正理由"), required=False, max_length=500, help_text=_l("更正已审核的数据时必须写明。")
    )

    def clean_span(self) -> Span:
        """A month, a quarter or a year."""
        found = span_of_text(self.cleaned_data["span"])
        if found is None:
            raise ValidationError(_("请写一个年份、季度或月份，如2025年第三季度。"))
        return found

    def draft(self) -> FigureDraft:
        """As services take it."""
        data = self.cleaned_data
        return FigureDraft(data["span"], as_amounts(data), data["jobs"], data["note"])


def figure_initial(row: OfficialFigure) -> dict[str, Any]:
    """A row as `FigureForm` shows it."""
    amounts = {name: f"{row.amounts[name].money.wan.normalize():f}" for name in MEASURES if name in row.amounts}
    return {**amounts, "span": row.span.text, "jobs": row.jobs, "note": row.note, "reason": row.reason}


class SplitForm(_Form):
    """A split under an agreement."""

    agreement = forms.ChoiceField(label=_l("依据的协议"))
    year = forms.IntegerField(label=_l("年份"), min_value=1990, max_value=2100)
    measure = forms.ChoiceField(label=_l("指标"), choices=SPLIT_CHOICES, initial=Measure.TAX.value)
    first_weight = forms.DecimalField(min_value=0, max_value=1000, decimal_places=3)
    second_weight = forms.DecimalField(min_value=0, max_value=1000, decimal_places=3)
    origin = forms.ChoiceField(label=_l("企业范围"), required=False)
    note = forms.CharField(label=_l("说明"), required=False, max_length=500)
    reason = forms.CharField(label=_l("更正理由"), max_length=500)

    def __init__(
        self, *args: Any, sides: tuple[str, str], agreements: list[ParkAgreement], corrects: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["agreement"].choices = [(str(row.pk), row.title) for row in agreements]
        fields["year"].initial = today().year - 1
        second = sides[1] or _("乙侧")
        fields["first_weight"].label = _("%(side)s分成比例") % {"side": sides[0]}
        fields["second_weight"].label = _("%(side)s分成比例") % {"side": second}
        came = _("来自%(place)s的企业")
        fields["origin"].choices = [
            ("", _("全部企业")),
            ("first", came % {"place": sides[0]}),
            ("second", came % {"place": second}),
            ("elsewhere", came % {"place": Origin.ELSEWHERE.label}),
        ]
        if not corrects:
            del fields["reason"]
        usual = next((row for row in agreements if row.weights), None)
        if usual is not None:
            fields["first_weight"].initial, fields["second_weight"].initial = usual.first_weight, usual.second_weight
            fields["agreement"].initial = str(usual.pk)

    def draft(self) -> SplitDraft:
        """As services take it."""
        data = {**self.cleaned_data}
        data.pop("reason", None)
        return SplitDraft(agreement_id=int(data.pop("agreement")), **data)
