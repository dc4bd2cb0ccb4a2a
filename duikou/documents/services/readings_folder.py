"""Where brought files wait; apart from reading them, so that asking where they are loads no reader of Word files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from duikou.documents.models import Reading


def path_of(reading: Reading) -> Path:
    """Where the file waits until it is written or given up."""
    return folder_of_readings() / f"{reading.uid}.docx"


def folder_of_readings() -> Path:
    """Where files wait."""
    folder = Path(settings.HOME) / "readings"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
