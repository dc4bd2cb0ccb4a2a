"""Accounts and organisations to try the product with; never in production."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Account, Membership, Organisation
from duikou.access.services.account import address_proven
from duikou.access.states import OrganisationKind, RoleLabel
from duikou.kernel.actor import Actor, Role
from duikou.kernel.errors import Conflict, Invalid
from duikou.programme.models import Region
from duikou.records.services.audit import record

PASSWORD = "duikou-2017-demo"  # noqa: S105 - printed on purpose; a production start refuses these accounts


@dataclass(frozen=True, slots=True)
class Body:
    """A demonstration organisation."""

    name: str
    short_name: str
    kind: OrganisationKind
    adcode: str


@dataclass(frozen=True, slots=True)
class Post:
    """A demonstration person's post; `adcode` is the region acted for, "" where the role has none."""

    username: str
    display_name: str
    role: Role
    body: str
    adcode: str = ""
    is_organisation_admin: bool = True


_GOVERNMENT = OrganisationKind.GOVERNMENT
BODIES: tuple[Body, ...] = (
    Body("国家发展和改革委员会东北等老工业基地振兴司", "国家发展改革委振兴司", _GOVERNMENT, "110000"),
    Body("中央组织部干部交流工作处", "中组部", _GOVERNMENT, "110000"),
    Body("工业和信息化部规划司", "工信部规划司", _GOVERNMENT, "110000"),
    Body("沈阳市发展和改革委员会对口合作办公室", "沈阳市对口办", _GOVERNMENT, "210100"),
    Body("大连市发展和改革委员会对口合作办公室", "大连市对口办", _GOVERNMENT, "210200"),
    Body("北京市发展和改革委员会对口合作处", "北京市对口办", _GOVERNMENT, "110000"),
    Body("上海市发展和改革委员会对口合作处", "上海市对口办", _GOVERNMENT, "310000"),
    Body("黑龙江省委组织部干部交流处", "黑龙江省委组织部", _GOVERNMENT, "230000"),
    Body("沈阳市工业和信息化局", "沈阳市工信局", _GOVERNMENT, "210100"),
    Body("齐齐哈尔北大仓农业装备有限公司", "北仓农装", OrganisationKind.ENTERPRISE, "230200"),
    Body("广州南沙智能装备股份有限公司", "南沙智装", OrganisationKind.ENTERPRISE, "440100"),
    Body("审计署驻沈阳特派员办事处", "审计署沈阳办", _GOVERNMENT, "210100"),
    Body("对口合作平台运行维护中心", "平台运维中心", OrganisationKind.OTHER, "110000"),
)
POSTS: tuple[Post, ...] = (
    Post("coordinator", "周启明", Role.COORDINATOR, BODIES[0].name),
    Post("cadre", "郑文博", Role.CADRE_AUTHORITY, BODIES[1].name),
    Post("ministry", "何静宜", Role.MINISTRY, BODIES[2].name),
    Post("shenyang", "王晓峰", Role.OFFICE_EDITOR, BODIES[3].name, "210100", is_organisation_admin=False),
    Post("shenyang-lead", "刘振东", Role.OFFICE_LEAD, BODIES[3].name, "210100"),
    Post("beijing", "李若溪", Role.OFFICE_EDITOR, BODIES[5].name, "110000", is_organisation_admin=False),
    Post("beijing-lead", "陈思远", Role.OFFICE_LEAD, BODIES[5].name, "110000"),
    Post("dalian-lead", "孙海涛", Role.OFFICE_LEAD, BODIES[4].name, "210200"),
    Post("shanghai-lead", "徐佳宁", Role.OFFICE_LEAD, BODIES[6].name, "310000"),
    Post("heilongjiang-cadre", "赵立新", Role.CADRE_OFFICER, BODIES[7].name, "230000"),
    Post("unit", "吴雪梅", Role.UNIT, BODIES[8].name, "210100"),
    Post("member", "马国强", Role.MEMBER, BODIES[9].name),
    Post("guangzhou-member", "黄嘉欣", Role.MEMBER, BODIES[10].name),
    Post("auditor", "冯正清", Role.AUDITOR, BODIES[11].name),
    Post("operator", "唐一凡", Role.OPERATOR, BODIES[12].name),
    Post("two-posts", "杨丽华", Role.OFFICE_EDITOR, BODIES[4].name, "210200", is_organisation_admin=False),
    Post("two-posts", "杨丽华", Role.UNIT, BODIES[8].name, "210100", is_organisation_admin=False),
)


@transaction.atomic
def demonstration_seed(*, actor: Actor) -> int:
    """Make the demonstration's organisations and accounts, once; returns how many accounts are new.

    Raises `Conflict` outside demonstration mode and `Invalid` while the regions are not loaded.
    """
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示账号只能在演示模式下建立。"))
    adcodes = {body.adcode for body in BODIES} | {post.adcode for post in POSTS if post.adcode}
    regions = {region.adcode: region for region in Region.objects.filter(adcode__in=adcodes)}
    if missing := sorted(adcodes - regions.keys()):
        raise Invalid(_("请先装载方案与行政区划（缺少%(codes)s）。") % {"codes": _("、").join(missing)})
    bodies = {body.name: _body(body, regions[body.adcode]) for body in BODIES}
    before = Account.objects.filter(is_demonstration=True).count()
    for post in POSTS:
        account = _account(post)
        Membership.objects.get_or_create(
            account=account,
            organisation=bodies[post.body],
            role=RoleLabel(post.role.value),
            region=regions.get(post.adcode),
            defaults={"is_organisation_admin": post.is_organisation_admin},
        )
    made = Account.objects.filter(is_demonstration=True).count() - before
    if made:
        record(
            actor=actor,
            action="access.demonstration.seeded",
            subject=bodies[BODIES[-1].name],
            after={"accounts": sorted({post.username for post in POSTS})},
        )
    return made


@transaction.atomic
def demonstration_remove(*, actor: Actor, reason: str = "") -> int:
    """Close the demonstration's accounts for good; returns how many were open. What they did stays, with its trail.

    Accounts and organisations are not deleted, because projects, evidence and events name them. The printed password
    stops working, so that opening such an account again does not let the world in.
    """
    found = list(Account.objects.select_for_update().filter(is_demonstration=True, is_active=True).order_by("id"))
    for account in found:
        account.is_active = False
        account.set_unusable_password()
        account.save(update_fields=["is_active", "password"])
        record(
            actor=actor,
            action="access.account.suspended",
            subject=account,
            before={"is_active": True},
            after={"is_active": False},
            reason=reason,
        )
    return len(found)


def _body(body: Body, region: Region) -> Organisation:
    organisation, _made = Organisation.objects.get_or_create(
        name=body.name,
        region=region,
        defaults={
            "short_name": body.short_name,
            "kind": body.kind,
            "is_verified": True,
            "is_published": True,
        },
    )
    return organisation


def _account(post: Post) -> Account:
    known = Account.objects.filter(username=post.username).first()
    if known is not None:
        return known
    account = Account.objects.create_user(
        post.username,
        f"{post.username}@example.com",
        PASSWORD,
        display_name=post.display_name,
        is_demonstration=True,
    )
    address_proven(account)
    return account
