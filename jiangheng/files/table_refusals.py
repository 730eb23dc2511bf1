"""Why a table somebody sent is not read: one sentence each, shared by every form of table."""

from __future__ import annotations

from jiangheng.files.limits import Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

MOST_COLUMNS = 16_384
"""As many as a spreadsheet program itself has."""


def too_many_cells(limits: Limits, cell: str) -> Refusal:
    """``workbook.cells``; ``cell`` is where the sender finds what stands too far out."""
    return refuse(
        "workbook.cells",
        N_("表格范围超过 %(limit)s 个单元格，没有读取：%(cell)s 处还有内容。"),
        N_("请到该处删除数据以外的行列（选中整行、整列后“删除”而非“清除内容”），或分批上传。"),
        status=422,
        limit=limits.cells,
        cell=cell,
    )


def quote(row: int) -> Refusal:
    """``workbook.quote``: the line of the file at which a quotation mark opens that nothing closes."""
    return refuse(
        "workbook.quote",
        N_("第%(row)s行有一个英文双引号没有成对，其后各行会被并进同一格，没有读取。"),
        N_("请删去这个引号或补上另一半，或用 Excel、WPS 打开核对后另存为 xlsx，再上传。"),
        status=422,
        row=row,
    )


def sheet_count(count: int, limits: Limits) -> None:
    """Refuse more sheets than permitted (``workbook.sheets``)."""
    if count > limits.sheets:
        raise refuse(
            "workbook.sheets",
            N_("工作簿有 %(count)s 张表，超过上限 %(limit)s 张。"),
            N_("请只保留需要上传的表，另存后重新上传。"),
            status=422,
            count=count,
            limit=limits.sheets,
        )


def too_many_columns() -> Refusal:
    """``workbook.columns``."""
    return refuse(
        "workbook.columns",
        N_("表格超过%(limit)s列，没有读取。"),
        N_("请把内容填入模板的各列，一名考生一行，另存后重新上传。"),
        status=422,
        limit=MOST_COLUMNS,
    )


def bomb() -> Refusal:
    """``workbook.bomb``."""
    return refuse(
        "workbook.bomb",
        N_("文件展开后过大，没有读取。"),
        N_("请将数据复制到新建的工作簿中，另存为 xlsx 后重新上传。"),
        status=422,
    )


def broken() -> Refusal:
    """``workbook.broken``."""
    return refuse(
        "workbook.broken",
        N_("文件不是可读取的工作簿，可能已损坏、加密或只是改了扩展名。"),
        N_("请用 Excel 或 WPS 打开后“另存为”xlsx 格式（不设密码），再重新上传。"),
        status=422,
    )


def locked() -> Refusal:
    """``workbook.password``."""
    return refuse(
        "workbook.password",
        N_("工作簿设有打开密码，不能读取。"),
        N_("请在 Excel 或 WPS 中取消打开密码，另存后重新上传。"),
        status=422,
    )


def macros() -> Refusal:
    """``workbook.macros``."""
    return refuse(
        "workbook.macros",
        N_("工作簿含有宏，不予接收。"),
        N_("请另存为不含宏的 xlsx 格式后重新上传。"),
        status=422,
    )
