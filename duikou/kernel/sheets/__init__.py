"""Reading and writing tables: CSV and spreadsheets, streaming, with clear errors and hard limits."""

from duikou.kernel.sheets.content import Content
from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.formats import BY_FORMAT
from duikou.kernel.sheets.header import Header
from duikou.kernel.sheets.read import Block, Book, Order, Sheet, Table, opened
from duikou.kernel.sheets.values import (
    Cell,
    Fault,
    Limits,
    Merge,
    Row,
    RowKind,
    column_index,
    column_letter,
    date_of,
    number_of,
    text_of,
    year_of,
)
from duikou.kernel.sheets.write import Out, Writer, csv_stream, sheet_title, write_csv, write_xlsx

__all__ = [
    "BY_FORMAT",
    "BadFile",
    "Block",
    "Book",
    "Cause",
    "Cell",
    "Content",
    "Fault",
    "Header",
    "Limits",
    "Merge",
    "Order",
    "Out",
    "Row",
    "RowKind",
    "Sheet",
    "Table",
    "Writer",
    "column_index",
    "column_letter",
    "csv_stream",
    "date_of",
    "number_of",
    "opened",
    "sheet_title",
    "text_of",
    "write_csv",
    "write_xlsx",
    "year_of",
]
