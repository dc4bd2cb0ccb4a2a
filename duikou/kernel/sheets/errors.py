"""Why a file cannot be read as a table: one typed error, a code for each cause."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from duikou.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Cause(StrEnum):
    """Causes a caller may tell apart (tests, statistics of refusals)."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_EXTENSION = "wrong_extension"
    WEB_PAGE = "web_page"
    OPEN_QUOTE = "open_quote"
    CORRUPT = "corrupt"
    ENCRYPTED = "encrypted"
    ENCODING = "encoding"
    NUL_BYTES = "nul_bytes"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_CELLS = "too_many_cells"
    BOMB = "bomb"
    SWOLLEN = "swollen"
    TOO_LONG = "too_long"
    ENTITIES = "entities"
    NO_HEADER = "no_header"


MESSAGES: dict[Cause, _StrPromise] = {
    Cause.EMPTY: _("文件里没有任何数据。"),
    Cause.UNKNOWN_TYPE: _("文件内容不是表格：只接受 .xlsx、.xls、.ods 和 .csv 文件。"),
    Cause.WRONG_EXTENSION: _(
        "文件扩展名与内容不符：内容是%(content)s，扩展名是“%(extension)s”。请改正扩展名或另存后再上传。"
    ),
    Cause.WEB_PAGE: _(
        "文件内容是%(content)s，不是 Excel 工作簿，只是扩展名写作“%(extension)s”。"
        "请用表格软件打开它，选“另存为”，类型选“Excel 工作簿（.xlsx）”，再上传。"
    ),
    Cause.OPEN_QUOTE: _(
        "第 %(line)s 行有一个没有配对的英文双引号，后面的行会被并进同一个单元格。请补上或删去这个引号再上传。"
    ),
    Cause.CORRUPT: _("文件已损坏，无法读取%(where)s。请用表格软件打开并另存后再上传。"),
    Cause.ENCRYPTED: _("文件设有打开密码，无法读取。请取消密码后再上传。"),
    Cause.ENCODING: _("无法识别文件的文字编码。请另存为“CSV UTF-8”后再上传。"),
    Cause.NUL_BYTES: _("文件含有空字节（NUL），不是文本表格。"),
    Cause.TOO_LARGE: _("文件大小超过上限 %(limit)s MB。"),
    Cause.TOO_MANY_ROWS: _("工作表“%(sheet)s”的行数超过上限 %(limit)s 行。"),
    Cause.TOO_MANY_COLUMNS: _("工作表“%(sheet)s”的列数超过上限 %(limit)s 列。"),
    Cause.BOMB: _("文件解压后的内容超过上限 %(limit)s MB，已拒绝读取。"),
    Cause.TOO_MANY_CELLS: _(
        "工作表“%(sheet)s”展开后超过这种格式的上限 %(limit)s 个单元格。请另存为 Excel 工作簿（.xlsx）后再上传。"
    ),
    Cause.SWOLLEN: _(
        "文件解压后是原来的 %(times)s 倍（%(size)s MB），不像正常的表格，已拒绝读取。"
        "请用表格软件打开，把需要的内容另存为新的 Excel 工作簿（.xlsx）后再上传。"
    ),
    Cause.TOO_LONG: _("文件中有一行或一个单元格的内容超过上限 %(limit)s MB，已拒绝读取。"),
    Cause.ENTITIES: _("文件含有不允许的 XML 声明（DOCTYPE 或实体），已拒绝读取。"),
    Cause.NO_HEADER: _("工作表“%(sheet)s”中找不到表头行。"),
}


class BadFile(Invalid):
    """The file cannot be taken as a table; `cause` says why, the message says what to do."""

    code: ClassVar[str] = "bad_file"

    def __init__(self, cause: Cause, **data: object) -> None:
        self.cause, self.details = cause, data
        values = {"where": "", **data}
        super().__init__(str(MESSAGES[cause]) % values if "%(" in str(MESSAGES[cause]) else str(MESSAGES[cause]))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.cause, self.details)


def _again(cause: Cause, details: dict[str, object]) -> BadFile:
    """The same refusal in another process, worded there."""
    return BadFile(cause, **details)
