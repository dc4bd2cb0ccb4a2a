"""Places in the order of sections and entries: one moves, the others stay."""

from __future__ import annotations

import uuid

from django.db.models import Max

from duikou.kernel.errors import NotFound
from duikou.plans.models import PlanEntry, PlanSection, PlanVersion
from duikou.plans.services.revisions import GAP, place_after


def free_place(
    model: type[PlanSection] | type[PlanEntry],
    version: PlanVersion,
    *,
    after: uuid.UUID | None,
    but: int | None = None,
    at_end: bool = False,
) -> int:
    """A free order behind the part `after` (None: first); the neighbours are spread anew when there is no room left.

    The caller holds the version. Raises `NotFound` when `after` is gone.
    """
    rows = model._default_manager.filter(version=version)
    if at_end:
        return int(rows.aggregate(last=Max("order"))["last"] or 0) + GAP
    others = list(rows.exclude(pk=but or 0).order_by("order", "id").values_list("pk", "uid", "order"))
    orders = [order for _pk, _uid, order in others]
    behind = None
    if after is not None:
        behind = next((place for place, row in enumerate(others) if row[1] == after), None)
        if behind is None:
            raise NotFound
    free = place_after(orders, None if behind is None else orders[behind])
    if free is not None and free not in orders:
        return free
    spread = [model(pk=pk, order=(place + 1) * GAP) for place, (pk, _uid, _order) in enumerate(others)]
    model._default_manager.bulk_update(spread, ["order"], batch_size=500)  # type: ignore[arg-type]
    orders = [(place + 1) * GAP for place in range(len(others))]
    return place_after(orders, None if behind is None else orders[behind]) or GAP
