"""A practice of one region that the other side may learn from, and whom to ask about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models import Organisation
from duikou.kernel.fields import EncryptedTextField, mask
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Programme, Region, Topic
from duikou.reforms.states import MEASURE_CHOICES, MEASURE_LABELS, MeasureState, Reach, Side


class ReformMeasure(models.Model):
    """A practice with its source document, told by the office of the region it comes from (clauses 3.1.1–3.1.3, 4.4).

    Invariants: `side` is the side of the programme on which `origin` stands; what was published has `published_on`,
    the day from which the other side could know of it; a superseded measure names its successor, and all measures that
    follow one another share `lineage`, the id of one of them, so that they count once. `summary` and `needs` are safe
    HTML (kernel/rich_text.py); `revision` is what a saver must have seen.
    """

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=200)
    near_key = models.CharField(_("比较用名称"), max_length=200, editable=False)
    topic = models.ForeignKey(
        Topic, verbose_name=_("改革主题"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    clauses = models.ManyToManyField(Clause, verbose_name=_("条款"), related_name="reform_measures")
    origin = models.ForeignKey(Region, verbose_name=_("来源地区"), on_delete=models.PROTECT, related_name="+")
    side = models.CharField(_("所属方"), max_length=6, choices=Side.choices)
    issuer = models.ForeignKey(
        Organisation, verbose_name=_("发文单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issuer_name = models.CharField(_("发文单位名称"), max_length=200, blank=True)
    document_title = models.CharField(_("依据文件"), max_length=300, blank=True)
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    number_key = models.CharField(_("比较用文号"), max_length=80, blank=True, editable=False)
    document_date = models.DateField(_("成文日期"), null=True, blank=True)
    document_url = models.URLField(_("文件网址"), max_length=500, blank=True)
    source_name = models.CharField(_("信息来源"), max_length=200, blank=True)
    summary = models.TextField(_("主要做法"), blank=True)
    needs = models.TextField(_("实施条件"), blank=True)
    owner = models.ForeignKey(
        Organisation, verbose_name=_("牵头单位"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reach = models.CharField(_("可见范围"), max_length=8, choices=Reach.choices, default=Reach.OFFICES.value)
    state = models.CharField(_("状态"), max_length=12, choices=MEASURE_CHOICES, default=MeasureState.DRAFT.value)
    state_reason = models.CharField(_("撤回或取代的理由"), max_length=500, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name=_("取代它的经验"), null=True, blank=True, on_delete=models.PROTECT, related_name="former"
    )
    lineage = models.BigIntegerField(_("同一经验标识"), default=0, editable=False)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("演示"), default=False)
    revision = models.PositiveIntegerField(_("修改序号"), default=1)
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.CharField(_("修改人"), max_length=150)
    created_at = models.DateTimeField(_("建立时间"))
    created_by = models.CharField(_("建立人"), max_length=150)

    class Meta:
        verbose_name = _("改革经验")
        verbose_name_plural = _("改革经验")
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_on__isnull=False), name="measure_published_when"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="superseded") | models.Q(successor__isnull=False),
                name="measure_superseded_by_what",
            ),
            models.CheckConstraint(condition=~models.Q(successor=models.F("id")), name="measure_not_after_itself"),
        ]
        indexes = [
            models.Index(fields=["programme", "state", "published_on", "id"], name="measure_listed"),
            models.Index(fields=["origin", "near_key"], name="measure_near"),
            models.Index(fields=["origin", "number_key"], name="measure_number"),
            models.Index(fields=["lineage"], name="measure_lineage"),
        ]

    def __str__(self) -> str:
        return self.title

    def derive(self) -> None:
        """Compute what follows from name and number (call before every save)."""
        self.near_key = near_key(self.title)[:200]
        self.number_key = near_key(self.document_number)[:80]

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(MEASURE_LABELS[MeasureState(self.state)])

    @property
    def issuer_label(self) -> str:
        """Who issued the document: the known organisation, else the name as written."""
        return self.issuer.name if self.issuer is not None else self.issuer_name

    @property
    def was_published(self) -> bool:
        """Whether others could ever read it."""
        return self.state != MeasureState.DRAFT


class MeasureContact(models.Model):
    """Whom the other side may call about a measure; encrypted at rest, shown masked, each reading in full is logged."""

    measure = models.OneToOneField(
        ReformMeasure, verbose_name=_("改革经验"), on_delete=models.CASCADE, related_name="contact"
    )
    name = EncryptedTextField(_("姓名"))
    position = models.CharField(_("职务"), max_length=60, blank=True)
    phone = EncryptedTextField(_("电话"), blank=True)
    email = EncryptedTextField(_("电子邮箱"), blank=True)

    audit_masked: ClassVar[frozenset[str]] = frozenset({"name", "phone", "email"})

    class Meta:
        verbose_name = _("改革经验联系人")
        verbose_name_plural = _("改革经验联系人")

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """The surname, the rest hidden."""
        return mask(str(self.name))

    @property
    def masked_phone(self) -> str:
        """The first three and last two digits where the number is long enough, else only the first."""
        text = str(self.phone or "")
        return mask(text, keep_start=3, keep_end=2) if len(text) >= 9 else mask(text)

    @property
    def masked_email(self) -> str:
        """The first character and the domain."""
        name, at, domain = str(self.email or "").partition("@")
        return f"{mask(name)}{at}{domain}"
