"""What people fill in about blockers, their steps, rules and numbers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.access.models import Membership, Organisation
from duikou.greenchannel.models import OwnerRule
from duikou.greenchannel.selectors.owners import Owner
from duikou.greenchannel.selectors.parameters import Set
from duikou.greenchannel.services.raising import RequestDraft
from duikou.greenchannel.services.rules import RuleDraft
from duikou.greenchannel.states import WITHOUT_WORDS, WORDS_LABELS
from duikou.kernel.clock import add_working_days, today
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import BlockerKind, Programme, Region
from duikou.projects.models import Project

USUAL_DAYS = 10
"""Working days from today that the form suggests as the day by which it is wanted."""


class Day(forms.DateInput):
    """A date the browser helps with."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Files(forms.ClearableFileInput):
    """Several files or photos at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; none is no fault."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [clean(one, initial) for one in given if one]


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)

    def choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Give a field its choices."""
        field: Any = self.fields[name]
        field.choices = choices


class RaiseForm(_Form):
    """A blocker, in the order in which one tells of it on a phone."""

    kind = forms.ChoiceField(label=_l("哪一类堵点"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_l("需要解决什么"), max_length=100, help_text=_l("一句话写明，如“二期用地指标尚未落实”。")
    )
    side = forms.ChoiceField(label=_l("须由哪一侧解决"), widget=forms.RadioSelect)
    wanted_on = forms.DateField(label=_l("希望何时解决"), widget=Day())
    photos = FilesField(
        label=_l("照片或文件"),
        required=False,
        widget=Files({"accept": "image/*,.pdf,.ofd,.doc,.docx,.xls,.xlsx,.txt"}),
    )
    needed = forms.CharField(
        label=_l("具体说明（可不填）"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    contact_name = forms.CharField(label=_l("联系人（可不填）"), required=False, max_length=60)
    contact_phone = forms.CharField(
        label=_l("联系电话（可不填）"),
        required=False,
        max_length=40,
        help_text=_l("加密保存，默认遮盖；办理诉求的各方查看全文会留下记录。"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    uid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Iterable[BlockerKind], regions: Mapping[str, Region], **kwargs: Any) -> None:
        initial = {"wanted_on": add_working_days(today(), USUAL_DAYS), "uid": uuid.uuid4()}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.choose("kind", [(str(kind.pk), kind.label) for kind in kinds])
        self.choose("side", [(side, region.label) for side, region in regions.items()])

    def draft(self, project: Project) -> RequestDraft:
        """What was filled in."""
        data = self.cleaned_data
        names = ("side", "title", "wanted_on", "needed", "contact_name", "contact_phone", "uid")
        return RequestDraft(project.pk, int(data["kind"]), **{name: data[name] for name in names})


class StepForm(_Form):
    """The words of a step, and of a transfer to whom."""

    to = forms.ChoiceField(label=_l("转给谁"))
    text = forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 4}))

    def __init__(
        self, *args: Any, verb: str, owners: Mapping[str, list[tuple[str, Owner]]] | None = None, **kwargs: Any
    ) -> None:
        self.names = kwargs.pop("names", {})
        super().__init__(*args, **kwargs)
        words: Any = self.fields["text"]
        words.label, words.required = WORDS_LABELS[verb], verb not in WITHOUT_WORDS
        if owners is None:
            del self.fields["to"]
            return
        groups = [
            (self.names.get(side, side), [(code, owner.name) for code, owner in rows])
            for side, rows in owners.items()
            if rows
        ]
        self.choose("to", [("", _("请选择")), *groups])


class RuleStart(_Form):
    """For which region a rule is to be set."""

    region = forms.ChoiceField(
        label=_l("地区"), help_text=_l("规则适用于这个地区和它所辖的地区，下级地区另有规则的除外。")
    )

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(regions)
        depth = min((one.path.count("/") for one in rows), default=0)
        self.choose("region", [(one.adcode, "　" * (one.path.count("/") - depth) + one.label) for one in rows])


class RuleForm(_Form):
    """Who owns what in one region."""

    kind = forms.ChoiceField(label=_l("类别"), required=False)
    organisation = forms.ChoiceField(label=_l("责任单位"))
    person = forms.ChoiceField(
        label=_l("责任人"), required=False, help_text=_l("不指定时，由责任单位受理诉求的人负责到底。")
    )
    stand_in = forms.ChoiceField(label=_l("代办人"), required=False, help_text=_l("责任人离岗后，新的诉求由其负责。"))

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[BlockerKind],
        bodies: Iterable[Organisation],
        posts: Iterable[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {str(one.pk): one for one in kinds}
        self.bodies = {str(one.pk): one for one in bodies}
        self.posts = {str(one.pk): one for one in posts}
        people = [(pk, f"{one.organisation.label} {one.account}") for pk, one in self.posts.items()]
        self.choose("kind", [("", _("各类")), *((pk, one.label) for pk, one in self.kinds.items())])
        self.choose("organisation", [("", _("请选择")), *((pk, one.name) for pk, one in self.bodies.items())])
        for name in ("person", "stand_in"):
            self.choose(name, [("", _("不指定")), *people])

    def draft(self, programme: Programme, region: Region) -> RuleDraft:
        """What was filled in."""
        data = self.cleaned_data
        return RuleDraft(
            programme,
            region,
            self.kinds.get(data["kind"]),
            self.bodies[data["organisation"]],
            self.posts.get(data["person"]),
            self.posts.get(data["stand_in"]),
        )


def rule_initial(rule: OwnerRule) -> dict[str, Any]:
    """A rule as `RuleForm` shows it."""
    return {
        "kind": rule.kind_id or "",
        "organisation": rule.organisation_id,
        "person": rule.person_id or "",
        "stand_in": rule.stand_in_id or "",
    }


class ParametersForm(_Form):
    """Terms and numbers, all on one page."""

    def __init__(self, *args: Any, sets: Iterable[Set], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = list(sets)
        for one in self.sets:
            self.fields[one.name] = forms.IntegerField(
                label=one.label,
                min_value=one.least,
                max_value=one.most,
                initial=one.days,
                help_text=_("默认%(days)d个工作日。%(basis)s") % {"days": one.usual, "basis": one.basis},
            )
        self.fields["basis"] = forms.CharField(
            label=_("修改依据"), required=False, max_length=200, help_text=_("文件或说明，写入有改动的各项。")
        )
        name_nul(self)

    def days(self) -> dict[str, int]:
        """Name → working days."""
        return {one.name: self.cleaned_data[one.name] for one in self.sets}
