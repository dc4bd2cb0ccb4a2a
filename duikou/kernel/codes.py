"""National codes: unified social credit code (GB 32100) and others that forms check."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from duikou.kernel.errors import Invalid


def uscc_clean(text: str) -> str:
    """The 18-character unified social credit code in capitals; raises `Invalid` saying what is wrong."""
    try:
        return str(uscc.validate(text))
    except InvalidLength:
        raise Invalid(_("统一社会信用代码应为18位。")) from None
    except InvalidChecksum:
        raise Invalid(_("统一社会信用代码的校验位不对，请核对。")) from None
    except (InvalidFormat, InvalidComponent, ValidationError):
        raise Invalid(_("统一社会信用代码含有不允许的字符。")) from None
