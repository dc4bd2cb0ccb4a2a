"""Parsing what people enter."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.access.models import Membership, Organisation
from duikou.access.services.contact import ContactDraft
from duikou.access.services.invitation import InvitationDraft
from duikou.access.services.organisation import OrganisationDraft
from duikou.access.states import OrganisationKind, RoleLabel
from duikou.kernel.actor import Role
from duikou.kernel.errors import DomainError, Invalid
from duikou.kernel.text import normalise
from duikou.programme.models import Industry, Region
from duikou.programme.selectors.industries import industries_of_level
from duikou.programme.selectors.regions import region_resolve


class RegionField(forms.CharField):
    """A place typed by name or code ("沈阳市", "辽宁沈阳", "210100"); several candidates are named back."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", gettext_lazy("名称或行政区划代码，如“沈阳市”“210100”。"))
        super().__init__(max_length=60, label=options.pop("label", gettext_lazy("地区")), **options)

    def clean(self, value: Any) -> Any:
        """The region, None when left empty; says which places could be meant."""
        text = super().clean(value)
        if not text:
            return None
        found = region_resolve(text)
        if found.region is not None:
            return found.region
        names = _("、").join(f"{place.label} ({place.adcode})" for place in found.candidates[:6])
        if names:
            raise forms.ValidationError(_("有多个同名地区，请填写代码：%(names)s。") % {"names": names})
        raise forms.ValidationError(_("没有找到这个地区。"))


def region_text(region: Region | None) -> str:
    """How a field shows a region: by name where names are unique, by code for counties; "" for none."""
    if region is None:
        return ""
    return region.adcode if region.level == "county" else region.name


class ServiceForm(forms.Form):
    """A form whose rules live in a service: refusals come back to their fields."""

    def refuse(self, error: DomainError) -> None:
        """Show what a service refused, at the field it names, else above the form."""
        if isinstance(error, Invalid) and error.fields:
            for name, messages in error.fields.items():
                for message in messages:
                    self.add_error(name if name in self.fields else None, message)
        else:
            self.add_error(None, error.message)


class SignInForm(LoginForm):  # type: ignore[misc]
    """The sign-in form with labels that say what may be typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("用户名或电子邮箱")
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "placeholder": ""})
        self.fields["password"].widget.attrs["placeholder"] = ""


class CodeField(forms.CharField):
    """A code typed from a telephone or a printed list: full-width digits are as good as others."""

    def __init__(self, label: Any, inputmode: str) -> None:
        hints = {"autocomplete": "one-time-code", "inputmode": inputmode, "autofocus": ""}
        super().__init__(label=label, max_length=60, widget=forms.TextInput(attrs=hints))

    def to_python(self, value: Any) -> Any:
        """What was typed, without width and invisible characters."""
        return normalise(str(value or ""))


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = CodeField(gettext_lazy("验证码或恢复代码"), "text")


class ConfirmByCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """Showing once more that it is oneself, before a sensitive step."""

    code = CodeField(gettext_lazy("验证码或恢复代码"), "text")


class SetUpCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator."""

    code = CodeField(gettext_lazy("身份验证器显示的6位验证码"), "numeric")

    @property
    def secret_in_groups(self) -> str:
        """The secret as people copy it: groups of four."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class ReasonForm(ServiceForm):
    """Why; it stands in the audit trail."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class OrganisationFilter(forms.Form):
    """The list's filters, all optional; nonsense is ignored rather than refused, so that any address opens."""

    q = forms.CharField(
        label=gettext_lazy("名称或代码"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("汉字、拼音、首字母")}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), required=False, choices=[("", gettext_lazy("全部")), *OrganisationKind.choices]
    )
    region = RegionField(required=False, help_text="")


class OrganisationForm(ServiceForm):
    """The facts of an organisation."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    short_name = forms.CharField(label=gettext_lazy("简称"), max_length=60, required=False)
    uscc = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("18位；没有可不填。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[("", gettext_lazy("请选择")), *OrganisationKind.choices]
    )
    region = RegionField(label=gettext_lazy("所在地区"))
    industry = forms.ModelChoiceField(
        label=gettext_lazy("所属行业"),
        queryset=Industry.objects.none(),
        required=False,
        empty_label=gettext_lazy("不填"),
    )
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    website = forms.CharField(label=gettext_lazy("网址"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        industry: Any = self.fields["industry"]
        industry.queryset = industries_of_level(2)

    @classmethod
    def of(cls, organisation: Organisation) -> OrganisationForm:
        """The form filled with what is known."""
        names = ("name", "short_name", "uscc", "kind", "address", "website", "version")
        initial = {name: getattr(organisation, name) for name in names}
        return cls(
            initial={**initial, "region": region_text(organisation.region), "industry": organisation.industry_id}
        )

    def draft(self) -> OrganisationDraft:
        """What the service takes."""
        data = self.cleaned_data
        return OrganisationDraft(
            name=data["name"],
            kind=data["kind"],
            region_id=data["region"].pk,
            short_name=data["short_name"],
            uscc=data["uscc"],
            industry_id=data["industry"].pk if data["industry"] else None,
            address=data["address"],
            website=data["website"],
        )


class ContactForm(ServiceForm):
    """Somebody to call."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    position = forms.CharField(label=gettext_lazy("职务"), max_length=60, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("电子邮箱"), max_length=254, required=False)

    def draft(self) -> ContactDraft:
        """What the service takes."""
        return ContactDraft(**self.cleaned_data)


def _role_choices(roles: frozenset[Role]) -> list[tuple[str, Any]]:
    return [(value, label) for value, label in RoleLabel.choices if Role(value) in roles]


class InvitationForm(ServiceForm):
    """Whom to invite to which post; offers only the roles that the actor may give."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    email = forms.CharField(label=gettext_lazy("电子邮箱"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    region = RegionField(
        required=False, help_text=gettext_lazy("对口合作办、组织部门必填；责任单位可填；其他岗位留空。")
    )
    is_organisation_admin = forms.BooleanField(label=gettext_lazy("本单位管理员"), required=False)

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = _role_choices(roles)

    def draft(self) -> InvitationDraft:
        """What the service takes."""
        data = self.cleaned_data
        return InvitationDraft(
            email=data["email"],
            display_name=data["display_name"],
            role=Role(data["role"]),
            region=data["region"],
            is_organisation_admin=data["is_organisation_admin"],
        )


class MembershipForm(ServiceForm):
    """A post's role, region and term."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    region = RegionField(required=False)
    valid_to = forms.DateField(
        label=gettext_lazy("截止日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_organisation_admin = forms.BooleanField(label=gettext_lazy("本单位管理员"), required=False)

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = _role_choices(roles)

    @staticmethod
    def initial_of(membership: Membership) -> dict[str, Any]:
        """What is known of the post."""
        return {
            "role": membership.role,
            "region": region_text(membership.region),
            "valid_to": membership.valid_to,
            "is_organisation_admin": membership.is_organisation_admin,
        }


class AcceptForm(ServiceForm):
    """The new account of somebody invited."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=60,
        help_text=gettext_lazy("用于登录，字母、数字和“.-_+”，也可用电子邮箱登录。"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        help_text=gettext_lazy("至少10位，不能全是数字，不要用常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=gettext_lazy("再输一次密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are one."""
        data = super().clean() or {}
        if data.get("password") and data.get("password_again") and data["password"] != data["password_again"]:
            self.add_error("password_again", _("两次输入的密码不同。"))
        return data


class AccountForm(ServiceForm):
    """One's own name and language."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    language = forms.ChoiceField(label=gettext_lazy("界面和邮件的语言"), choices=settings.LANGUAGES)


class AdminModeForm(ServiceForm):
    """Why the operator must see business data."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不少于10个字，写明要查什么、因何事由。审计和统筹部门可以看到。"),
    )


def region_of(data: dict[str, Any]) -> Region | None:
    """The region a form resolved."""
    found = data.get("region")
    return found if isinstance(found, Region) else None
