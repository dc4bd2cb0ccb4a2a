"""Example papers: what a template is tried with before it is taken, and what the list of fields shows."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

from duikou.documents.rules.paper import Annex, Column, NameList, Paper, heading, paragraph
from duikou.documents.states import TemplateKind
from duikou.plans.services.text import Block, Cell, Run

_TITLE = "沈阳市与北京市对口合作年度工作计划"
_FOOT = (
    f"第3版  内容摘要（SHA-256）{hashlib.sha256(b'example').hexdigest()}",
    "核对：https://duikou.example.cn/plans/check/",
)
_COLUMNS = tuple(
    Column(title, share)
    for title, share in (
        ("序号", 5),
        ("事项", 16),
        ("具体举措", 26),
        ("目标", 16),
        ("沈阳方责任单位", 15),
        ("北京方责任单位", 15),
        ("完成期限", 11),
        ("资金", 14),
    )
)
_ROWS = (
    (
        "1",
        "共建产业园",
        "建立协同机制，联合招商。",
        "建成园区1个",
        "沈阳市发展改革委（牵头）\n沈阳市工业和信息化局",
        "北京市发展改革委（牵头）",
        "2018年12月31日前",
        "沈阳方地方财政资金约1,200万元",
    ),
    (
        "2",
        "干部挂职交流",
        "双方各选派10名干部。",
        "20人次",
        "中共沈阳市委组织部",
        "中共北京市委组织部",
        "2018年6月30日前",
        "",
    ),
)
_TABLE = Annex(f"{_TITLE}事项表", _COLUMNS, _ROWS)
_BODY = (
    heading("一、合作目标", 1),
    paragraph("双方按照优势互补、互利共赢的原则开展合作。"),
    heading("（一）总体安排", 2),
    Block("item", (Run("先行先试"),), level=1, number=1),
    Block("table", rows=((Cell((Run("名称"),), True), Cell((Run("数量"),), True)), (Cell((Run("园区"),)), Cell(())))),
    paragraph("責任單位按附件执行。𠮷林、𬱖。"),
)
_FULL = Paper(
    title=_TITLE,
    blocks=_BODY,
    issuers=("沈阳市人民政府", "北京市人民政府"),
    number="沈政发〔2018〕6号",
    addressee="各区县人民政府，市政府各部门：",
    attachments=(_TABLE.title,),
    signers=("沈阳市人民政府", "北京市人民政府"),
    date=dt.date(2018, 3, 9),
    annexes=(_TABLE,),
    foot=_FOOT,
)
HOSTILE = "{{ 7*7 }}{% for x in y %}{_{ <w:p/> & \"'\x01\x0c\x1f]]> 𠮷\U000ffff0"
"""What nobody should be called, and what a paper must still bear as it is written."""


_MINUTES = Paper(
    banner="会议纪要",
    number="〔2018〕3号",
    title="沈阳市与北京市对口合作工作会议纪要",
    blocks=(paragraph("时间：2018-03-02 09:00–12:00"), *_BODY),
    date=dt.date(2018, 3, 9),
    annexes=(
        Annex(
            "议定事项",
            tuple(
                Column(title, share)
                for title, share in (
                    ("序号", 6),
                    ("议定事项", 40),
                    ("责任方", 14),
                    ("责任单位（人）", 24),
                    ("完成期限", 16),
                )
            ),
            (
                ("1", "共同建设产业园", "沈阳市", "沈阳市发展改革委", "2018年12月31日"),
                ("2", "选派干部挂职", "北京市", "北京市委组织部", "2018年6月30日"),
            ),
            is_landscape=False,
            is_inline=True,
        ),
    ),
    lists=(
        NameList(
            "出席", ("沈阳市：王某（沈阳市政府副市长）、沈阳市有关部门12人", "北京市：李某（北京市发展改革委主任）")
        ),
        NameList("请假", ("赵某（沈阳市商务局局长）",)),
        NameList("列席", ("专家3人",)),
    ),
    foot=_FOOT,
)


def example(kind: TemplateKind) -> Paper:
    """A whole paper of the kind, everything filled in."""
    if kind is TemplateKind.TABLE:
        return Paper(title=_FULL.title, annexes=_FULL.annexes, foot=_FULL.foot)
    if kind is TemplateKind.MINUTES:
        return _MINUTES
    if kind is TemplateKind.NOTICE:
        words = f"经双方协商一致，现将《{_TITLE}》印发给你们，请结合实际，认真组织实施。"
        return replace(
            _FULL,
            title=f"关于印发《{_TITLE}》的通知",
            blocks=(paragraph(words),),
            attachments=(_TITLE,),
            annexes=(),
        )
    return _FULL


def trials(kind: TemplateKind) -> tuple[Paper, ...]:
    """What a template must get through: everything filled in; nothing but title and text; names full of markup."""
    full = example(kind)
    bare = replace(
        full,
        issuers=(),
        lists=full.lists[:1],
        number="",
        addressee="",
        attachments=(),
        signers=(),
        date=None,
        annexes=(),
        mark="草案",
    )
    odd = replace(
        full,
        title=HOSTILE,
        issuers=(HOSTILE,),
        number=HOSTILE,
        addressee=HOSTILE,
        attachments=(HOSTILE, HOSTILE),
        signers=(HOSTILE,),
        lists=tuple(NameList(HOSTILE, (HOSTILE, HOSTILE)) for _one in full.lists),
        annexes=tuple(replace(one, rows=(tuple(HOSTILE for _cell in one.rows[0]),) * 2) for one in full.annexes),
    )
    return full, bare, odd
