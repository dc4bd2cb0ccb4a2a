"""What people send to an import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duikou.intake.services.kinds import ImportKind
from duikou.kernel.actor import Actor

ACCEPT = ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"


class UploadForm(forms.Form):
    """A file, which sort of table it is, and the sort's options (one select each, named `kind-key`)."""

    kind = forms.ChoiceField(label=_("导入内容"))
    file = forms.FileField(label=_("文件"), widget=forms.FileInput(attrs={"accept": ACCEPT}))

    def __init__(self, *args: Any, kinds: list[ImportKind], actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.option_fields: list[tuple[ImportKind, str, str]] = []
        for kind in kinds:
            for option in kind.options(actor):
                if not option.at_upload:
                    continue
                name = f"{kind.code}-{option.key}"
                self.fields[name] = forms.ChoiceField(
                    label=option.label, choices=list(option.choices), initial=option.default, required=False
                )
                self.option_fields.append((kind, option.key, name))

    def options(self) -> dict[str, str]:
        """The chosen options of the chosen kind."""
        chosen = self.cleaned_data["kind"]
        return {key: self.cleaned_data.get(name) or "" for kind, key, name in self.option_fields if kind.code == chosen}
