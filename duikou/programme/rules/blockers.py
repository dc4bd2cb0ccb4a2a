"""Kinds of blockers for a pack that names none of its own."""

from __future__ import annotations

from typing import Any

_BASIS = {"basis": "平台默认参数，文件未规定期限", "basis_en": "The platform's default: the instrument sets no term"}

DEFAULT: tuple[dict[str, Any], ...] = (
    {"code": "land", "title": "用地", "title_en": "Land", "working_days": 15, **_BASIS},
    {"code": "energy", "title": "用能", "title_en": "Energy", "working_days": 15, **_BASIS},
    {"code": "finance", "title": "融资", "title_en": "Financing", "working_days": 15, **_BASIS},
    {"code": "approval", "title": "审批", "title_en": "Approvals", "working_days": 10, **_BASIS},
    {"code": "other", "title": "其他", "title_en": "Other", "working_days": 10, **_BASIS},
)
