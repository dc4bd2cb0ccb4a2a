"""YAML that remembers the line of everything in it, so that a refusal can name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

MOST_NODES = 200_000
"""More values than any honest pack file has; stops files made to swell by aliases."""

Key = tuple[str | int, ...]


class Unreadable(Exception):
    """The text is not YAML of the plain kind; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


@dataclass(slots=True)
class Marked:
    """Plain data with the line (from 1) of every value, by its path of keys and positions."""

    data: Any = None
    lines: dict[Key, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of the value at `path`, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def parse(text: str) -> Marked:
    """Read `text`; raises `Unreadable` with a line for bad syntax, doubled keys, tags and cycles."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        marked = Marked()
        if node is not None:
            marked.data = _plain(loader, node, (), marked.lines, [0])
        return marked
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, error.problem or str(error)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(1, str(error)) from error
    except RecursionError:
        raise Unreadable(1, "too deeply nested") from None
    finally:
        loader.dispose()


def _plain(loader: yaml.SafeLoader, node: yaml.Node, path: Key, lines: dict[Key, int], count: list[int]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    count[0] += 1
    if count[0] > MOST_NODES or len(path) > 20:
        raise Unreadable(line, "too many or too deeply nested values")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if key in found:
                raise Unreadable(key_node.start_mark.line + 1, f"the key {key!r} stands twice")
            found[key] = _plain(loader, value_node, (*path, key), lines, count)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, child, (*path, at), lines, count) for at, child in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as error:
        raise Unreadable(line, str(error)) from error
