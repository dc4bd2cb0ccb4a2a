"""What the addresses with parameters speak of in the table of every address × role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.addresses import Address

NOWHERE = 999_999_999
"""An id that no record has: the answer must be the 404 of something that does not exist."""

FALLBACK: dict[str, Any] = {
    "pk": NOWHERE,
    "contact": NOWHERE,
    "id": NOWHERE,
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uid": "00000000-0000-4000-8000-000000000000",
    "kind": "no-such-kind",
    "code": "no-such-code",
    "key": "no-such-key",
    "uidb36": "0",
    "token": "no-such-token",
    "slug": "no-such-slug",
    "provider_id": "no-such-provider",
    "digest": "0" * 64,
    "day": "2020-01-01",
}
"""Values for parameters that no entry of `SUBJECTS` names: nothing real, so that nobody learns anything."""


def _project(known: Mapping[str, Any]) -> dict[str, Any]:
    """A project of 沈阳 and 北京 that only they and the nation-wide roles may know of."""
    from duikou.kernel.actor import Actor
    from duikou.programme.models import Pairing
    from duikou.projects.services.draft import ProjectDraft
    from duikou.projects.services.projects import project_create

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pairing.programme, "地址表中的项目", pairing, clause, pairing.first_region)
    return {"project_id": project_create(actor=Actor.command("tests"), draft=draft).pk}


_PROGRAMME = {"code": "northeast-east-2017"}

SUBJECTS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "programme:programme-read": lambda known: _PROGRAMME,
    "programme:programme-contents": lambda known: _PROGRAMME,
    "programme:programme-search": lambda known: _PROGRAMME,
    "programme:programme-compare": lambda known: _PROGRAMME,
    "programme:clause-read": lambda known: {**_PROGRAMME, "clause": "3.2.2"},
    "programme:pairing-list": lambda known: _PROGRAMME,
    "programme:pairing-read": lambda known: {**_PROGRAMME, "pairing": "harbin-shenzhen"},
    **{f"projects:project{page}": _project for page in ("", "-edit", "-correct", "-opinion", "-merge")},
    "projects:project-step": lambda known: {**_project(known), "verb": "negotiate"},
    "access:organisation": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-edit": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-merge": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:organisation-verify": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:people": lambda known: {"pk": known["people"]["unit"].organisation.pk},
    "access:membership": lambda known: {"pk": known["people"]["unit"].membership.pk},
}
"""Address name → parameters of a real record, made from the people of the cast."""


def made(people: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that `SUBJECTS` can draw on."""
    return {"people": people}


def of(address: Address, known: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of one address."""
    subject = SUBJECTS.get(address.name)
    if subject is not None:
        return subject(known)
    missing = [name for name in address.parameters if name not in FALLBACK]
    assert not missing, f"{address.name}: say in tests/arguments.py what {missing} is"
    return {name: FALLBACK[name] for name in address.parameters}
