"""What a password must be, said in the reader's language."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule with our sentence: its own has lost its translation, and people would read English."""

    def get_error_message(self) -> str:
        """What is asked for."""
        return _("密码太短，至少%(number)d位。") % {"number": self.min_length}
