"""Reads of the room; every one starts from the actor."""

from duikou.access.selectors.actors import actor_of_membership, membership_of_account, memberships_live
from duikou.access.selectors.demonstration import demonstration_accounts, demonstration_accounts_exist

__all__ = [
    "actor_of_membership",
    "demonstration_accounts",
    "demonstration_accounts_exist",
    "membership_of_account",
    "memberships_live",
]
