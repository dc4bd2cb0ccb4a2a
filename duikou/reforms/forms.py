"""What people fill in about measures, adoptions, their effects, questions and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from duikou.access.models import Organisation
from duikou.access.services.contact import ContactDraft
from duikou.kernel.rich_text import editable
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Programme, Region, Topic
from duikou.reforms.models import Adoption, EffectReport, MeasureContact, ReformMeasure
from duikou.reforms.services.adoptions import AdoptionDraft
from duikou.reforms.services.counts import CountDraft
from duikou.reforms.services.effects import MOST_FIGURES, EffectDraft, FigureDraft
from duikou.reforms.services.measures import MeasureDraft
from duikou.reforms.states import Reach

NONE = ("", "—")


class Day(forms.DateInput):
    """A date the browser helps with."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class MeasureForm(_Form):
    """What is told of a practice."""

    origin = forms.ChoiceField(label=_l("来源地区"))
    title = forms.CharField(label=_l("名称"), max_length=200)
    topic = forms.ChoiceField(label=_l("改革主题"), required=False, help_text=_l("发布前必填。"))
    clauses = forms.MultipleChoiceField(
        label=_l("条款"), widget=forms.SelectMultiple({"data-enhance": "", "size": "6"})
    )
    issuer = forms.ChoiceField(label=_l("发文单位"), required=False)
    issuer_name = forms.CharField(
        label=_l("发文单位名称"), required=False, max_length=200, help_text=_l("未在平台登记的单位写在这里。")
    )
    document_title = forms.CharField(label=_l("依据文件"), required=False, max_length=300)
    document_number = forms.CharField(label=_l("文号"), required=False, max_length=80)
    document_date = forms.DateField(label=_l("成文日期"), required=False, widget=Day())
    document_url = forms.URLField(label=_l("文件网址"), required=False, max_length=500, assume_scheme="https")
    source_name = forms.CharField(
        label=_l("信息来源"), required=False, max_length=200, help_text=_l("没有文件时，写明从哪里知道这项做法。")
    )
    summary = forms.CharField(label=_l("主要做法"), required=False, widget=_text(10))
    needs = forms.CharField(
        label=_l("实施条件"),
        required=False,
        widget=_text(5),
        help_text=_l("学习这项做法需要具备什么：权限、系统、机构、经费等。"),
    )
    owner = forms.ChoiceField(label=_l("牵头单位"), required=False)
    reach = forms.ChoiceField(label=_l("可见范围"), choices=Reach.choices)

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        regions: Iterable[Region],
        topics: Iterable[Topic],
        clauses: Iterable[Clause],
        bodies: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.regions = {row.adcode: row for row in regions}
        self.topics = {row.code: row for row in topics}
        self.clauses_known = {row.code: row for row in clauses}
        self.bodies = {str(row.pk): row for row in bodies}
        fields: Any = self.fields
        fields["origin"].choices = [(code, row.label) for code, row in self.regions.items()]
        fields["topic"].choices = [NONE, *((code, row.label) for code, row in self.topics.items())]
        fields["clauses"].choices = [(code, str(row)) for code, row in self.clauses_known.items()]
        for name in ("issuer", "owner"):
            fields[name].choices = [NONE, *((pk, row.name) for pk, row in self.bodies.items())]

    def draft(self) -> MeasureDraft:
        """What was filled in."""
        data = self.cleaned_data
        plain = ("title", "issuer_name", "document_title", "document_number", "document_date", "document_url")
        return MeasureDraft(
            programme=self.programme,
            origin=self.regions[data["origin"]],
            topic=self.topics.get(data["topic"]),
            clauses=tuple(self.clauses_known[code] for code in data["clauses"]),
            issuer=self.bodies.get(data["issuer"]),
            owner=self.bodies.get(data["owner"]),
            **{name: data[name] for name in (*plain, "source_name", "summary", "needs", "reach")},
        )


def measure_initial(measure: ReformMeasure) -> dict[str, Any]:
    """The stored facts as the form shows them."""
    plain = ("title", "issuer_name", "document_title", "document_number", "document_date", "document_url")
    return {
        "origin": measure.origin.adcode,
        "topic": measure.topic.code if measure.topic else "",
        "clauses": [clause.code for clause in measure.clauses.all()],
        "issuer": str(measure.issuer_id or ""),
        "owner": str(measure.owner_id or ""),
        "summary": editable(measure.summary),
        "needs": editable(measure.needs),
        **{name: getattr(measure, name) for name in (*plain, "source_name", "reach")},
    }


class PublishForm(_Form):
    """From which day the other side could know of it."""

    published_on = forms.DateField(
        label=_l("发布日期"),
        widget=Day(),
        help_text=_l("登记早已公开的经验时，填写当时公开的日期；推广用时从这一天算起。"),
    )


class ReasonForm(_Form):
    """Why."""

    reason = forms.CharField(label=_l("理由"), max_length=500, widget=_text(3))


class SupersedeForm(_Form):
    """What takes its place."""

    successor = forms.ChoiceField(label=_l("取代它的经验"))
    reason = forms.CharField(label=_l("说明"), required=False, max_length=500, widget=_text(3))

    def __init__(self, *args: Any, successors: Iterable[ReformMeasure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["successor"]
        choices.choices = [(str(row.pk), row.title) for row in successors]


class ContactForm(_Form):
    """Whom the other side may call; all empty takes the contact away."""

    name = forms.CharField(label=_l("姓名"), required=False, max_length=60)
    position = forms.CharField(label=_l("职务"), required=False, max_length=60)
    phone = forms.CharField(label=_l("电话"), required=False, max_length=40)
    email = forms.CharField(label=_l("电子邮箱"), required=False, max_length=254)

    def draft(self) -> ContactDraft:
        """What was filled in."""
        return ContactDraft(**{name: self.cleaned_data[name] for name in ("name", "position", "phone", "email")})


def contact_initial(row: MeasureContact | None) -> dict[str, Any]:
    """Only the position: particulars are typed anew, they are not shown without a trace."""
    return {"position": row.position} if row is not None else {}


class TalkForm(_Form):
    """A question, a remark, an answer."""

    text = forms.CharField(label=_l("内容"), max_length=4000, widget=_text(3))


class AdaptForm(_Form):
    """A region's own version in work."""

    unit = forms.ChoiceField(label=_l("责任单位"), required=False, help_text=_l("不选即由对口合作办公室负责。"))
    planned_on = forms.DateField(label=_l("计划完成日期"), widget=Day())
    differences = forms.CharField(label=_l("与原做法的不同"), required=False, max_length=4000, widget=_text(4))

    def __init__(self, *args: Any, bodies: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(row.pk): row for row in bodies}
        choices: Any = self.fields["unit"]
        choices.choices = [NONE, *((pk, row.name) for pk, row in self.bodies.items())]

    def draft(self) -> AdoptionDraft:
        """What was filled in."""
        data = self.cleaned_data
        return AdoptionDraft(
            unit=self.bodies.get(data["unit"]), planned_on=data["planned_on"], differences=data["differences"]
        )


class AdoptForm(_Form):
    """A document of the region's own is in force."""

    adopted_on = forms.DateField(label=_l("推广日期"), widget=Day(), help_text=_l("本地文件施行的日期。"))
    document_title = forms.CharField(label=_l("本地文件"), max_length=300)
    document_number = forms.CharField(label=_l("本地文号"), required=False, max_length=80)
    document_date = forms.DateField(label=_l("本地文件日期"), required=False, widget=Day())
    file = forms.FileField(label=_l("佐证材料"), required=False, help_text=_l("本地文件的扫描件或其他佐证，必须上传。"))
    text = forms.CharField(label=_l("成效"), required=False, max_length=4000, widget=_text(4))

    def draft(self, figures: tuple[FigureDraft, ...]) -> AdoptionDraft:
        """What was filled in, with the indicators of the other form."""
        data = self.cleaned_data
        effect = EffectDraft(None, data["text"], figures)
        names = ("adopted_on", "document_title", "document_number", "document_date", "file")
        return AdoptionDraft(effect=effect, **{name: data[name] for name in names})


def adopt_initial(row: Adoption | None) -> dict[str, Any]:
    """What is known already."""
    if row is None:
        return {}
    names = ("adopted_on", "document_title", "document_number", "document_date")
    return {name: getattr(row, name) for name in names}


class EndForm(ReasonForm):
    """The region's own document is no longer in force."""

    ended_on = forms.DateField(label=_l("停止执行日期"), widget=Day())
    field_order = ("ended_on", "reason")


class EffectForm(_Form):
    """What came of it by a day."""

    as_of = forms.DateField(label=_l("截至日期"), widget=Day())
    text = forms.CharField(label=_l("成效"), required=False, max_length=4000, widget=_text(5))

    def draft(self, figures: tuple[FigureDraft, ...]) -> EffectDraft:
        """What was filled in, with the indicators of the other form."""
        return EffectDraft(self.cleaned_data["as_of"], self.cleaned_data["text"], figures)


class EffectCorrectForm(EffectForm):
    """The same, put right."""

    reason = forms.CharField(label=_l("更正理由"), max_length=500, widget=_text(2))


def effect_initial(row: EffectReport) -> dict[str, Any]:
    """A report as the form shows it."""
    return {"as_of": row.as_of, "text": row.text}


class FigureForm(_Form):
    """One measured indicator; a line left empty is none."""

    name = forms.CharField(label=_l("指标"), required=False, max_length=100)
    unit = forms.CharField(label=_l("单位"), required=False, max_length=20)
    before = forms.DecimalField(label=_l("推广前"), required=False, max_digits=18, decimal_places=4)
    after = forms.DecimalField(label=_l("推广后"), required=False, max_digits=18, decimal_places=4)


class _Figures(forms.BaseFormSet[FigureForm]):
    def drafts(self) -> tuple[FigureDraft, ...]:
        """The lines that say anything."""
        found = []
        for form in self.forms:
            data = form.cleaned_data
            if any(data.get(name) not in (None, "") for name in ("name", "unit", "before", "after")):
                found.append(FigureDraft(data["name"], data["unit"], data["before"], data["after"]))
        return tuple(found)


Figures: Any = forms.formset_factory(FigureForm, formset=_Figures, extra=3, max_num=MOST_FIGURES, absolute_max=40)
"""The indicators of a report, with three empty lines to write on."""


def figures_initial(row: EffectReport | None) -> list[dict[str, Any]]:
    """The indicators of a report as the lines show them."""
    if row is None:
        return []
    return [{"name": one.name, "unit": one.unit, "before": one.before, "after": one.after} for one in row.figures.all()]


class CountForm(_Form):
    """A published number of adopted measures."""

    region = forms.ChoiceField(label=_l("推广地区"))
    origin = forms.ChoiceField(label=_l("来源地区"), required=False)
    value = forms.IntegerField(label=_l("公布数（项）"), min_value=0, max_value=1_000_000)
    as_of = forms.DateField(label=_l("截至日期"), widget=Day())
    label = forms.CharField(
        label=_l("所指"), required=False, max_length=200, help_text=_l("用来源的原话写明统计的是什么。")
    )
    source_name = forms.CharField(label=_l("来源"), max_length=200)
    source_url = forms.URLField(label=_l("来源网址"), required=False, max_length=500, assume_scheme="https")

    def __init__(
        self, *args: Any, programme: Programme, regions: Iterable[Region], origins: Iterable[Region], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.regions = {row.adcode: row for row in regions}
        self.origins = {row.adcode: row for row in origins}
        fields: Any = self.fields
        fields["region"].choices = [(code, row.label) for code, row in self.regions.items()]
        fields["origin"].choices = [("", _l("不限")), *((code, row.label) for code, row in self.origins.items())]

    def draft(self) -> CountDraft:
        """What was filled in."""
        data = self.cleaned_data
        names = ("value", "as_of", "label", "source_name", "source_url")
        return CountDraft(
            programme=self.programme,
            region=self.regions[data["region"]],
            origin=self.origins.get(data["origin"]),
            **{name: data[name] for name in names},
        )


class AskForm(_Form):
    """A day (and a place, an origin) for which rows are counted now."""

    as_of = forms.DateField(label=_l("截至日期"), widget=Day(), required=False)
    region = forms.ChoiceField(label=_l("推广地区"), required=False)
    origin = forms.ChoiceField(label=_l("来源地区"), required=False)

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = {row.adcode: row for row in regions}
        fields: Any = self.fields
        for name in ("region", "origin"):
            fields[name].choices = [("", _l("全部")), *((code, row.label) for code, row in self.regions.items())]
