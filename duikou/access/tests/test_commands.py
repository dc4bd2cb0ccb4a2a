"""The command line of the room."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from click.testing import CliRunner

from duikou.access.commands import account, demo
from duikou.access.models import Account
from duikou.access.selectors import demonstration_accounts_exist
from duikou.access.services.demonstration import PASSWORD
from duikou.records.models import AuditEvent

ARGUMENTS = [
    "create-operator",
    "--username=gly",
    "--email=gly@example.com",
    "--name=陈管理",
    "--organisation=平台运维中心",
    "--password-stdin",
]


def test_the_first_operator_is_made_and_can_sign_in(coordinator, client):
    done = CliRunner().invoke(account, ARGUMENTS, input="Sui-Yue-Jing-Hao\n")
    assert done.exit_code == 0, done.output
    answer = client.post("/accounts/login/", {"login": "gly", "password": "Sui-Yue-Jing-Hao"})
    assert answer.status_code == 302
    assert client.get("/access/account/").wsgi_request.actor.role == "operator"


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (ARGUMENTS, "123", "password"),
        ([*ARGUMENTS, "--email=nowhere"], "Sui-Yue-Jing-Hao", "email"),
        ([*ARGUMENTS, "--region=999999"], "Sui-Yue-Jing-Hao", "adcode"),
        ([*ARGUMENTS, "--username=MEMBER"], "Sui-Yue-Jing-Hao", "已被使用"),
    ],
)
def test_bad_arguments_are_said_and_make_nothing(coordinator, arguments, password, said):
    before = Account.objects.count()
    done = CliRunner().invoke(account, arguments, input=f"{password}\n")
    assert done.exit_code == 1
    assert said in done.output
    assert Account.objects.count() == before


def test_the_table_names_every_account_and_the_password(coordinator):
    shown = CliRunner().invoke(demo, ["accounts"]).output
    for word in ("coordinator", "周启明", "two-posts", "duikou-2017-demo"):
        assert word in shown
    assert demonstration_accounts_exist()


def test_removing_the_demonstration_closes_its_accounts_and_keeps_what_they_did(unit, client):
    events, accounts = AuditEvent.objects.count(), Account.objects.filter(is_demonstration=True).count()
    done = CliRunner().invoke(demo, ["remove"])
    assert (done.exit_code, f"{accounts}个" in done.output) == (0, True), done.output
    assert not demonstration_accounts_exist()
    assert Account.objects.filter(is_demonstration=True).count() == accounts
    assert AuditEvent.objects.count() == events + accounts
    client.post("/accounts/login/", {"login": "unit", "password": PASSWORD})
    assert not client.get("/accounts/login/").wsgi_request.user.is_authenticated
    assert "0个" in CliRunner().invoke(demo, ["remove"]).output
    assert AuditEvent.objects.count() == events + accounts
    assert CliRunner().invoke(account, ["restore", "unit"]).exit_code == 0
    assert demonstration_accounts_exist()
    client.post("/accounts/login/", {"login": "unit", "password": PASSWORD})
    assert not client.get("/accounts/login/").wsgi_request.user.is_authenticated


def test_an_account_is_closed_opened_and_unlocked_and_the_trail_knows(member, client):
    run = CliRunner().invoke
    for _attempt in range(5):
        client.post("/accounts/login/", {"login": "member", "password": "wrong-password"})
    assert "1处" in run(account, ["unlock", "member"]).output
    sign_in = {"login": "member", "password": PASSWORD}
    assert run(account, ["suspend", "MEMBER", "--reason=调离"]).exit_code == 0
    assert client.post("/accounts/login/", sign_in)["Location"] == "/accounts/inactive/"
    assert run(account, ["restore", "member"]).exit_code == 0
    assert client.post("/accounts/login/", sign_in)["Location"] == "/"
    assert run(account, ["unlock", "nobody"]).exit_code == 1
    actions = AuditEvent.objects.filter(subject_kind="access.account", actor_kind="command").values_list(
        "action", flat=True
    )
    assert {"access.account.suspended", "access.account.restored", "access.account.unlocked"} <= set(actions)


def test_an_operator_whom_nobody_else_can_help_is_helped_at_the_machine(operator):
    command = ["reset-second-factor", "operator", "--reason", "唯一的管理员丢了手机"]
    assert "没有启用" in CliRunner().invoke(account, command).output
    TOTP.activate(operator.account, generate_totp_secret())
    assert CliRunner().invoke(account, command).exit_code == 0
    assert not Authenticator.objects.filter(user=operator.account).exists()
    assert AuditEvent.objects.get(action="access.account.second_factor_reset").actor_name.startswith("duikou account")
    assert CliRunner().invoke(account, ["reset-second-factor", "nobody", "--reason", "x"]).exit_code != 0
