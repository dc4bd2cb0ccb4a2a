"""What the instrument wants, from whom, how it is measured and which kinds of projects it knows."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models.clause import Clause
from duikou.programme.models.instrument import Versioned
from duikou.programme.models.localised import in_language
from duikou.programme.states import Cadence, Direction, DutyKind

SIDES: Final = {
    "paired_sides": frozenset({1, 2}),
    "governments": frozenset({1, 2}),
    "first_sides": frozenset({1}),
    "second_sides": frozenset({2}),
}
"""Responsible bodies by which a pack means the sides of every pairing (docs/packs.md)."""


class Target(Versioned):
    """A result the instrument wants by a date."""

    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="targets")
    title = models.CharField(_("标题"), max_length=200)
    title_en = models.CharField(_("英文标题"), max_length=200)
    quote = models.TextField(_("原文"))
    due_on = models.DateField(_("期限"), null=True, blank=True)

    class Meta:
        verbose_name = _("目标")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="target_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)


class ResponsibleBody(Versioned):
    """A body the instrument gives a part to."""

    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    part = models.CharField(_("职责"), max_length=200)
    part_en = models.CharField(_("职责(英文)"), max_length=300)
    clauses = models.ManyToManyField(Clause, verbose_name=_("条款"), related_name="bodies")

    class Meta:
        verbose_name = _("责任主体")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="body_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_en)

    @property
    def part_label(self) -> str:
        """What the body does, in the reader's language."""
        return in_language(self.part, self.part_en)


class Duty(Versioned):
    """Something owed again and again.

    `due` is a working parameter ({"rule": "yearly", "month", "day", "year_offset"}, {"rule": "every_n_years", …} or
    {"rule": "none"}; day -1 = the month's last), not an official date; `basis` says where its default comes from.
    """

    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(_("类别"), max_length=12, choices=DutyKind.choices)
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=160)
    quote = models.TextField(_("原文"))
    owed_by = models.ManyToManyField(ResponsibleBody, verbose_name=_("责任主体"), related_name="duties_owed")
    owed_to = models.ManyToManyField(ResponsibleBody, verbose_name=_("报送对象"), related_name="duties_received")
    joint = models.BooleanField(_("双方共同"), default=False)
    cadence = models.CharField(_("频次"), max_length=20, choices=Cadence.choices)
    due = models.JSONField(_("期限参数"), default=dict)
    basis = models.CharField(_("参数依据"), max_length=300, blank=True)
    basis_en = models.CharField(_("参数依据(英文)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("经常性工作")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="duty_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def sides(self) -> frozenset[int]:
        """Which sides of every pairing (1, 2) owe it; none where it is not the sides' own (`owed_by` prefetched)."""
        return frozenset[int]().union(*(SIDES.get(body.code, frozenset()) for body in self.owed_by.all()))

    @property
    def due_words(self) -> str:
        """The default date in words, empty where there is none."""
        if self.due.get("rule") not in ("yearly", "every_n_years"):
            return ""
        month, day = self.due["month"], self.due["day"]
        date = (
            _("%(month)d月底") % {"month": month}
            if day == -1
            else _("%(month)d月%(day)d日") % {"month": month, "day": day}
        )
        if self.due["rule"] == "every_n_years":
            return str(_("每%(years)d年，%(date)s前") % {"years": self.due["years"], "date": date})
        if self.due.get("year_offset"):
            return str(_("次年%(date)s前") % {"date": date})
        return str(_("当年%(date)s前") % {"date": date})

    @property
    def basis_label(self) -> str:
        """Where the default date comes from, in the reader's language."""
        return in_language(self.basis, self.basis_en)


class Indicator(Versioned):
    """Something counted, with its unit and the direction in which it gets better."""

    clause = models.ForeignKey(Clause, verbose_name=_("条款"), on_delete=models.PROTECT, related_name="indicators")
    title = models.CharField(_("标题"), max_length=120)
    title_en = models.CharField(_("英文标题"), max_length=160)
    unit = models.CharField(_("单位"), max_length=20)
    unit_en = models.CharField(_("英文单位"), max_length=40)
    direction = models.CharField(_("方向"), max_length=4, choices=Direction.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(_("说明(英文)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("指标")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="indicator_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def unit_label(self) -> str:
        """The unit in the reader's language."""
        return in_language(self.unit, self.unit_en)

    @property
    def note_label(self) -> str:
        """The note in the reader's language."""
        return in_language(self.note, self.note_en)


class Topic(Versioned):
    """A subject of reform under which practices are told and found, with the clauses that ask for it."""

    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120)
    clauses = models.ManyToManyField(Clause, verbose_name=_("条款"), related_name="topics")

    class Meta:
        verbose_name = _("改革主题")
        verbose_name_plural = _("改革主题")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="topic_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_language(self.title, self.title_en)


class ProjectKind(Versioned):
    """A kind of cooperation with its own typed fields.

    `fields`: a list of {"key", "label", "label_en", "type", "unit", "unit_en", "required", "choices"}; types are
    `states.FieldType`; choices are {"value", "label", "label_en"}. `record_words`: how office tables name the kind, a
    list of {"word", "at", "clauses", "unless", "sets"}; `gates`: what steps ask for, a list of {"verb", "field"} or
    {"verb", "file", "file_en", "words"} (docs/packs.md). `park`: its projects may have a park's page.
    """

    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120)
    clauses = models.ManyToManyField(Clause, verbose_name=_("条款"), related_name="project_kinds")
    fields = models.JSONField(_("专有字段"), default=list)
    record_words = models.JSONField(_("记录用语"), default=list, blank=True)
    gates = models.JSONField(_("各步关口"), default=list, blank=True)
    park = models.BooleanField(_("设园区页"), default=False)

    class Meta:
        verbose_name = _("项目类别")
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="project_kind_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_language(self.title, self.title_en)

    @property
    def field_labels(self) -> list[str]:
        """Labels of the own fields in the reader's language, with their unit."""
        found = []
        for field in self.fields:
            unit = in_language(field.get("unit", ""), field.get("unit_en", ""))
            label = in_language(field["label"], field["label_en"])
            found.append(f"{label} ({unit})" if unit else label)
        return found
