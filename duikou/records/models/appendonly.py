"""Rows that are written once."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models


class AppendOnlyError(RuntimeError):
    """Code tried to change or delete a row of proof: a defect, never a person's mistake."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise AppendOnlyError("rows of proof are written once")


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[Row_co]):
    """Reads and inserts only. Every model names `objects` itself, so that its rows keep their type."""

    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """Base of rows of proof: `save()` on a stored row and `delete()` raise; triggers in the database stand behind."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new row can be saved."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        _refuse()
