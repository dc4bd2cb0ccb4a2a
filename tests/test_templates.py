"""The content security policy allows no inline script and no inline style: no template may have one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "duikou").glob("*/templates/**/*.html"))
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>", re.I)
INLINE_STYLE = re.compile(r"<style[\s>]|\sstyle\s*=", re.I)
HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']|javascript:|\shx-on", re.I)
EVALUATED = re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[|hx-(?:vals|headers)\s*=\s*[\"']js:", re.I)
ELSEWHERE = re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "duikou")))
def test_a_template_keeps_to_the_content_security_policy(template):
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", template.read_text(), flags=re.S)
    assert INLINE_SCRIPT.findall(text) == []
    assert INLINE_STYLE.findall(text) == []
    assert HANDLER.findall(text) == []
    assert EVALUATED.findall(text) == []  # a filter of htmx is a script in a string


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "duikou")))
def test_a_template_loads_nothing_from_elsewhere(template):
    loaded = re.findall(r"<(?:script|link|img|iframe)[^>]+>", template.read_text(), re.I)
    assert [tag for tag in loaded if ELSEWHERE.search(tag)] == []
