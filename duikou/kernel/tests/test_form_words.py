"""What a form refuses, it refuses in the product's plain words, whichever form it is."""

from __future__ import annotations

import pytest
from django import forms
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

JARGON = ("有效的", "变量", "必填项", "字段", "确保", "选项", "编码类型", "null", "slug")
EVERYDAY = [
    forms.BooleanField,
    forms.CharField,
    forms.ChoiceField,
    forms.DateField,
    forms.DateTimeField,
    forms.DecimalField,
    forms.EmailField,
    forms.FileField,
    forms.IntegerField,
    forms.ModelChoiceField,
    forms.ModelMultipleChoiceField,
    forms.MultipleChoiceField,
    forms.TimeField,
    forms.URLField,
    forms.UUIDField,
]
RULES = [
    validators.EmailValidator,
    validators.MaxValueValidator,
    validators.MinValueValidator,
    validators.ProhibitNullCharactersValidator,
    validators.URLValidator,
]


class Everything(forms.Form):
    """One field of each everyday kind."""

    word = forms.CharField(max_length=3)
    year = forms.IntegerField(min_value=2000, max_value=2100)
    day = forms.DateField()
    hour = forms.TimeField()
    mail = forms.EmailField()
    side = forms.ChoiceField(choices=[("a", "甲侧")])
    sides = forms.MultipleChoiceField(choices=[("a", "甲侧")])
    rate = forms.DecimalField(max_digits=5, decimal_places=2)
    file = forms.FileField()


def _said(data, files=None):
    with translation.override("zh-hans"):
        return {name: list(texts) for name, texts in Everything(data, files or {}).errors.items()}


def test_what_is_missing_is_asked_for():
    assert set(map(tuple, _said({}).values())) == {("请填写这一项。",)}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("word", "一二三四", "最多3个字，现在是4个。"),
        ("year", "1999", "最小为2000。"),
        ("year", "99999", "最大为2100。"),
        ("year", "今年", "请填写整数。"),
        ("day", "2017-02-30", "没有这个日期，请按“年-月-日”填写，如2026-03-31。"),
        ("hour", "25:00", "没有这个时间，请按“时:分”填写，如09:30。"),
        ("mail", "在家", "电子邮箱的写法不对，应像name@example.com。"),
        ("side", "b", "没有“b”这一项，请从列表中重新选择。"),
        ("sides", ["b"], "没有“b”这一项，请从列表中重新选择。"),
        ("rate", "1.234", "小数点后最多2位。"),
        ("rate", "许多", "请填写数字。"),
    ],
)
def test_what_is_wrong_is_said_plainly(name, value, words):
    assert _said({name: value})[name] == [words]


def test_an_empty_file_is_called_empty():
    assert _said({}, {"file": SimpleUploadedFile("空.txt", b"")})["file"] == ["这个文件是空的，请换一个。"]


def test_no_everyday_field_or_rule_speaks_like_a_programmer():
    with translation.override("zh-hans"):
        said = [str(text) for kind in EVERYDAY for above in kind.__mro__ for text in _messages(above)]
        said += [str(rule.message) for rule in RULES]
    assert [text for text in said if any(word in text for word in JARGON)] == []


def _messages(kind):
    return getattr(kind, "default_error_messages", {}).values()
