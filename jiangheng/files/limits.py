"""How large an upload of each kind may be, from the law in force (附件4 电子照片 and labelled defaults)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law

KIB = 1024
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; pixels of one side, or width × height for ``image_pixels``; the rest are counts."""

    upload_bytes: int
    workbook_bytes: int
    image_pixels: int
    photo_bytes_min: int
    photo_bytes_max: int
    photo_width_min: int
    photo_height_min: int
    pdf_pages: int
    unpacked_bytes: int
    sheets: int
    cells: int
    archive_bytes: int
    archive_unpacked_bytes: int
    archive_files: int

    @property
    def largest(self) -> int:
        """Bytes no upload of any kind may pass."""
        return max(self.upload_bytes, self.workbook_bytes, self.archive_bytes)


def of(law: Law) -> Limits:
    """The limits a law sets."""
    value = law.value
    return Limits(
        upload_bytes=int(value("upload_max_mb")) * MIB,
        workbook_bytes=int(value("workbook_max_mb")) * MIB,
        image_pixels=int(value("photo_max_pixels")),
        photo_bytes_min=int(value("photo_min_kb")) * KIB,
        photo_bytes_max=int(value("photo_max_kb")) * KIB,
        photo_width_min=int(value("photo_min_width")),
        photo_height_min=int(value("photo_min_height")),
        pdf_pages=int(value("pdf_max_pages")),
        unpacked_bytes=int(value("workbook_max_unpacked_mb")) * MIB,
        sheets=int(value("workbook_max_sheets")),
        cells=int(value("workbook_max_cells")),
        archive_bytes=int(value("roster_photos_max_mb")) * MIB,
        archive_unpacked_bytes=int(value("roster_photos_max_unpacked_mb")) * MIB,
        archive_files=int(value("roster_photos_max")),
    )


def at(moment: datetime) -> Limits:
    """The limits in force at an aware moment, by the day in Liuzhou."""
    # Here, because ``of`` serves readers of files that run without Django.
    from jiangheng.values import queries as values

    return of(values.law(local_day(moment)))
