"""JSON kept as the very text that was written."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models


class JsonTextField(models.TextField[Any, Any]):
    """A JSON value stored as text, byte for byte as it was written, so that a digest over it never shifts.

    A database's own JSON type may reorder keys or rewrite numbers; proof must not depend on that.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The parsed value; text that somebody has broken comes back as it stands, for the reader to see."""
        if value is None:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value

    def get_prep_value(self, value: Any) -> Any:
        """The text to store; text is taken as JSON already written."""
        if value is None or isinstance(value, str):
            return value
        return orjson.dumps(value).decode()
