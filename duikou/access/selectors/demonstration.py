"""What of the demonstration is in the database."""

from __future__ import annotations

from duikou.access.models import Account, Membership


def demonstration_accounts_exist() -> bool:
    """Whether any demonstration account could sign in (a production start refuses to run then)."""
    return Account.objects.filter(is_demonstration=True, is_active=True).exists()


def demonstration_accounts() -> list[Membership]:
    """The posts of the demonstration accounts, for the table that the command line prints."""
    return list(
        Membership.objects.filter(account__is_demonstration=True)
        .select_related("account", "organisation", "region")
        .order_by("account_id", "id")
    )
