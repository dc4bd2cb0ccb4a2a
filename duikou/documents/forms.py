"""How a paper is dressed: head, addressee, signers, date; nothing of it changes what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from duikou.documents.models import PaperTemplate
from duikou.documents.services.compose import Dress
from duikou.documents.services.compose_minutes import BANNER, MinutesDress
from duikou.documents.services.read_back import LARGEST
from duikou.documents.services.template_package import LARGEST as LARGEST_TEMPLATE
from duikou.documents.states import PaperKind
from duikou.kernel.web.nul import name_nul
from duikou.plans.models import PlanKind, PlanVersion
from duikou.plans.services.plans import PlanDraft
from duikou.programme.models import Pairing


class ClosingForm(forms.Form):
    """What every paper has at its end, and the template of its Word file."""

    signers = forms.CharField(
        label=_("落款"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("每行一个；留空则没有落款。"),
    )
    date = forms.DateField(
        label=_("成文日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("留空则为印发时填报的成文日期，尚未印发的为双方签署的日期。"),
    )
    copies = forms.CharField(
        label=_("抄送机关"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("每行一个；与印发机关、印发日期都留空则没有版记。"),
    )
    printer = forms.CharField(label=_("印发机关"), required=False, max_length=100)
    printed = forms.DateField(
        label=_("印发日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    template = forms.ChoiceField(
        label=_("Word模板"),
        required=False,
        help_text=_("只用于Word文件；PDF总是平台的国标版式。"),
    )

    def __init__(self, *args: object, templates: Sequence[PaperTemplate] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # a form's own arguments
        name_nul(self)
        self.templates = templates
        names = {str(row.region_id): row.region.label for row in templates}
        field: Any = self.fields["template"]
        if names:
            offices = [(key, gettext("%(region)s的模板") % {"region": name}) for key, name in names.items()]
            field.choices = [
                ("", gettext("本办公室的模板（没有则用平台模板）")),
                ("shipped", gettext("平台模板")),
                *offices,
            ]
        else:
            field.choices, field.widget = [("", ""), ("shipped", "")], forms.HiddenInput()

    def template_for(self, kind: str, own_region: int | None) -> PaperTemplate | None:
        """The template that was chosen for a kind of paper; the own one where nothing was, None for the shipped one."""
        wanted = self.cleaned_data.get("template") or str(own_region)
        return next((row for row in self.templates if row.kind == kind and str(row.region_id) == wanted), None)


class DressForm(ClosingForm):
    """The address of a paper carries these, so that a link makes the same paper again."""

    kind = forms.ChoiceField(label=_("公文种类"), choices=PaperKind.choices, required=False)
    issuers = forms.CharField(
        label=_("红头（发文机关）"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("每行一个；留空则没有红头。"),
    )
    addressee = forms.CharField(label=_("主送机关"), required=False, max_length=300)
    field_order = ("kind", "issuers", "addressee")

    def chosen(self) -> PaperKind:
        """The kind of paper; the text where none is named."""
        return PaperKind(self.cleaned_data.get("kind") or PaperKind.TEXT)

    def dress(self) -> Dress:
        """What was filled in."""
        given = self.cleaned_data
        addressee = given["addressee"].strip()
        if addressee and addressee[-1] not in "：:":
            addressee += "："
        return Dress(
            _lines(given["issuers"]),
            addressee,
            _lines(given["signers"]),
            given["date"],
            _lines(given["copies"]),
            given["printer"].strip(),
            given["printed"],
        )


class MinutesDressForm(ClosingForm):
    """The same for minutes: 纪要标志, 编号, and who was excused, which a meeting does not keep."""

    banner = forms.CharField(label=_("纪要标志"), max_length=40)
    number = forms.CharField(label=_("纪要编号"), required=False, max_length=40)
    absent = forms.CharField(
        label=_("请假人员"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("每行一个；留空则没有这一项。出席和列席人员取自会议。"),
    )
    field_order = ("banner", "number", "date", "absent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].help_text = gettext("留空则为双方签署的日期。")

    @staticmethod
    def usual() -> dict[str, str]:
        """What stands there while nothing was chosen."""
        return {"banner": BANNER}

    def given(self) -> MinutesDress:
        """What was filled in."""
        given = self.cleaned_data
        dress = Dress(
            signers=_lines(given["signers"]),
            date=given["date"],
            copies=_lines(given["copies"]),
            printer=given["printer"].strip(),
            printed=given["printed"],
        )
        return MinutesDress(dress, given["banner"].strip(), given["number"].strip(), _lines(given["absent"]))


class CheckFileForm(forms.Form):
    """A paper to compare with what was signed."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("平台生成的PDF或Word文件，最大30MB；只作核对，不保存。"),
        widget=forms.ClearableFileInput({"accept": ".pdf,.docx"}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """A file within the limit, before anything of it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件太大。"))
        return file


class TemplateForm(forms.Form):
    """A Word template of an office."""

    file = forms.FileField(
        label=_("模板文件（.docx）"),
        widget=forms.FileInput({"accept": ".docx"}),
        help_text=_("最大10MB；先用示例数据试排，有问题会逐处指出。"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)
        self.fields["file"].error_messages["empty"] = gettext("文件是空的。")

    def clean_file(self) -> UploadedFile[Any]:
        """A file within the limit, before anything of it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_TEMPLATE:
            raise forms.ValidationError(gettext("文件超过%(limit)d MB。") % {"limit": LARGEST_TEMPLATE // 1024**2})
        return file


class BringForm(forms.Form):
    """A plan in Word, and where it is to go: an empty draft, or a new plan of a pairing."""

    target = forms.ChoiceField(label=pgettext_lazy("target", "写入"))
    file = forms.FileField(label=_("计划文件（.docx）"), widget=forms.FileInput({"accept": ".docx"}))

    def __init__(self, *args: Any, drafts: list[PlanVersion], pairings: list[Pairing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)
        self.drafts = {f"draft-{draft.pk}": draft for draft in drafts}
        self.pairings = {f"pairing-{pairing.pk}": pairing for pairing in pairings}
        field: Any = self.fields["target"]
        field.choices = [
            *((key, gettext("空的草案：%(title)s") % {"title": draft}) for key, draft in self.drafts.items()),
            *((key, gettext("新建计划：%(pairing)s") % {"pairing": one.label}) for key, one in self.pairings.items()),
        ]

    def chosen(self) -> tuple[Pairing, int | None]:
        """The pairing, and the draft where one was chosen."""
        draft = self.drafts.get(self.cleaned_data["target"])
        if draft is not None:
            return draft.plan.pairing, draft.pk
        return self.pairings[self.cleaned_data["target"]], None


class NewPlanForm(forms.Form):
    """The facts of the plan that a file becomes."""

    kind = forms.ChoiceField(label=_("计划类别"), choices=[c for c in PlanKind.choices if c[0] != PlanKind.SPECIAL])
    title = forms.CharField(label=_("标题"), max_length=200)
    year = forms.IntegerField(
        label=_("年度"), required=False, min_value=2000, max_value=2100, help_text=_("年度计划和年度总结必填。")
    )
    starts_on = forms.DateField(
        label=_("起始日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("截止日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def draft(self, pairing: Pairing) -> PlanDraft:
        """What was filled in."""
        given = self.cleaned_data
        return PlanDraft(pairing, given["kind"], given["title"], given["starts_on"], given["ends_on"], given["year"])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())[:10]
