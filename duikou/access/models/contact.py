"""People one can call, and the log of who read their particulars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.access.models.organisation import Organisation
from duikou.access.rules import mask_email
from duikou.kernel.fields import EncryptedTextField, mask


class OrganisationContact(models.Model):
    """Somebody to call at an organisation; name, telephone and e-mail are encrypted at rest and shown masked."""

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("主体"), on_delete=models.CASCADE, related_name="contacts"
    )
    position = models.CharField(_("职务"), max_length=60, blank=True)
    name = EncryptedTextField(_("姓名"))
    phone = EncryptedTextField(_("电话"), blank=True)
    email = EncryptedTextField(_("电子邮箱"), blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    audit_masked: ClassVar[frozenset[str]] = frozenset({"name", "phone", "email"})

    class Meta:
        verbose_name = _("联系人")
        verbose_name_plural = _("联系人")
        ordering = ["id"]

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
        return mask_email(str(self.email or ""))


class PersonalDataRead(models.Model):
    """One reading of a contact's particulars in full: who, when, whose. Rows are never changed.

    Ids are plain values: the log outlives what was read.
    """

    at = models.DateTimeField(_("时间"), db_index=True)
    account_id = models.BigIntegerField(_("账号"), null=True, db_index=True)
    actor_name = models.CharField(_("查看人"), max_length=150)
    actor_role = models.CharField(_("岗位"), max_length=32)
    organisation_name = models.CharField(_("查看人所属主体"), max_length=200, blank=True)
    admin_mode_id = models.BigIntegerField(_("管理模式"), null=True)
    subject_kind = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"))
    subject_organisation_id = models.BigIntegerField(_("对象所属主体"), null=True, db_index=True)

    class Meta:
        verbose_name = _("个人信息查看记录")
        ordering = ["-id"]
