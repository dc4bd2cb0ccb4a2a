"""Rich text of sections, for this room and those above: made safe, as plain lines, as blocks."""

from duikou.kernel.rich_text import Block, Cell, Run, as_written, blocks, editable, from_plain, plain, safe_html

__all__ = ["Block", "Cell", "Run", "as_written", "blocks", "editable", "from_plain", "plain", "safe_html"]
