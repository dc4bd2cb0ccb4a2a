"""How a paper is dressed: head, addressee, signers, date; nothing of it changes what was signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from duikou.documents.services.compose import Dress
from duikou.documents.services.read_back import LARGEST
from duikou.documents.states import PaperKind
from duikou.kernel.web.nul import name_nul


class DressForm(forms.Form):
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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # a form's own arguments
        name_nul(self)

    def chosen(self) -> PaperKind:
        """The kind of paper; the text where none is named."""
        return PaperKind(self.cleaned_data.get("kind") or PaperKind.TEXT)

    def dress(self) -> Dress:
        """What was filled in."""
        given = self.cleaned_data
        addressee = given["addressee"].strip()
        if addressee and addressee[-1] not in "：:":
            addressee += "："
        return Dress(_lines(given["issuers"]), addressee, _lines(given["signers"]), given["date"])


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


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())[:10]
