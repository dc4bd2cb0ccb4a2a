"""Lists of responsible units, for this room's services and those above: read, parted by side, written."""

from duikou.plans.rules.units import Named, SideNames, bare, read_list, read_sides, side_name, written

__all__ = ["Named", "SideNames", "bare", "read_list", "read_sides", "side_name", "written"]
