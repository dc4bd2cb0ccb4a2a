"""Who acts."""

from duikou.access.models.account import Account

__all__ = ["Account"]
