"""The three sets a body writes itself where the bank lacks items (四（二）)."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from jiangheng.files.limits import at
from jiangheng.files.workbooks import read
from jiangheng.journal.actions import action, record
from jiangheng.papers import queries
from jiangheng.papers.actions.requests import LETTERS, _own, digest
from jiangheng.papers.models import PaperRequest, PaperSet
from jiangheng.papers.set_workbook import read_set
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values


@action("papers.upload_set")
def upload_set(*, by: Person, now: datetime, request_id: int, source: bytes | IO[bytes]) -> PaperSet:
    """Keep one more set the body wrote; the workbook itself is read and not kept (四（二）).

    Refusals: those of ``files.workbooks.read``; ``papers.set_faults`` (422, every cell named);
    ``papers.same_set`` and ``papers.set_used`` (409); ``papers.assembled`` (409) once drawn.
    """
    request = _own(by, request_id)
    _open(request)
    law = values.law(local_day(now))
    content = read_set(read(source, at(now)), subject=request.subject, full_mark=int(law.value("full_mark")))
    sha256 = digest(content)
    standing = list(queries.own_sets(request))
    same = next((each for each in standing if each.sha256 == sha256), None)
    if same is not None:
        raise refuse(
            "papers.same_set",
            N_("与已上传的第%(letter)s套内容相同，三套试题须各不相同。"),
            N_("请上传另一套试题。"),
            clause="四（二）",
            letter=same.letter,
        )
    if queries.used_before([sha256], request):
        raise refuse(
            "papers.set_used",
            N_("这套试题已在以前的考试中使用过，不得重复使用。"),
            N_("请重新命制后上传。"),
            clause="四（五）",
        )
    free = [letter for letter in LETTERS if letter not in {each.letter for each in standing}]
    if not free:
        raise _full()
    made = PaperSet.objects.create(
        request=request,
        body_id=by.organisation_id,
        occupation_code=request.row.occupation_code,
        level=request.row.level,
        subject=request.subject,
        code=f"{request.number}-Z{free[0]}",
        letter=free[0],
        source="own",
        content=content,
        questions=len(content),
        sha256=sha256,
        created_at=now,
    )
    record(request, after={"letter": made.letter, "questions": len(content), "sha256": sha256})
    return made


@action("papers.drop_set")
def drop_set(*, by: Person, now: datetime, request_id: int, letter: str) -> PaperRequest:
    """Take back a set before the draw, to put a better one in its place (四（二）)."""
    request = _own(by, request_id)
    _open(request)
    found = queries.own_sets(request).filter(letter=letter).first()
    if found is None:
        raise refuse("papers.no_set", N_("没有这套试题。"), N_("请刷新页面后再办理。"), clause="四（二）", status=404)
    PaperSet.objects.filter(pk=found.pk).delete()
    record(request, before={"letter": letter, "sha256": found.sha256})
    return request


def _open(request: PaperRequest) -> None:
    if request.state not in flows.states("paper_request", "before_drawing"):
        raise refuse(
            "papers.assembled",
            N_("试卷已组卷，不能再增减命制的试题。"),
            N_("如需更换，请联系市鉴定中心。"),
            clause="四（二）",
        )


def _full() -> Refusal:
    return refuse("papers.full", N_("已上传的试题套数已满。"), N_("请先撤下不用的套卷。"), clause="四（二）")
