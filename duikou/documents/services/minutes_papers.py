"""The paper of minutes made on demand and noted in the trail, as those of plans are."""

from __future__ import annotations

from django.utils.translation import gettext as _

from duikou.documents.models import PaperTemplate
from duikou.documents.services.compose_minutes import MinutesDress, minutes_paper
from duikou.documents.services.papers import MEDIA, Made, made_note, written
from duikou.documents.states import PaperForm, TemplateKind
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.meetings.selectors import minutes_of


def minutes_paper_make(
    *,
    actor: Actor,
    version_id: int,
    form: PaperForm,
    given: MinutesDress,
    check_address: str,
    template: PaperTemplate | None = None,
) -> Made:
    """The minutes as PDF or Word, noted in the trail; raises `NotFound` where the actor may not read them."""
    version = minutes_of(actor=actor, version_id=version_id)
    if form is PaperForm.EXCEL:
        raise Invalid(_("只有事项表可以生成Excel。"))
    paper = minutes_paper(version, given, check_address=check_address)
    data = written(paper, form, template)
    made_note(actor=actor, version=version, paper=TemplateKind.MINUTES.value, form=form, data=data, template=template)
    return Made(f"{paper.title}-第{version.number}版.{form.value}", MEDIA[form], data)
