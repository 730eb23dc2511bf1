"""The body's review (三（一）): reasons from the list, when an application is clean, marks as facts, who may decide."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from jiangheng.rules.conditions.eligibility import MET
from jiangheng.rules.law import FOLDER, Law
from jiangheng.rules.readers import certificate_numbers, identity
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

CLEAN, LOOK, FLAGGED = "clean", "look", "flagged"
STANDINGS = (CLEAN, LOOK, FLAGGED)
LEVELS = (1, 2)
SAME_PHONE, SAME_ADDRESS, SAME_PROOF = "same_phone", "same_address", "same_proof"
TOO_YOUNG, RETIRED, LEGACY_NUMBER = "too_young", "retired", "legacy_number"
ELSEWHERE, CERTIFIED, MAKEUP = "elsewhere", "certified", "makeup"

FLAGS: Mapping[str, str] = {
    SAME_PHONE: N_("手机号码与另外 %(others)s 名考生相同"),
    SAME_ADDRESS: N_("通讯地址与另外 %(others)s 名个人申请的考生相同"),
    SAME_PROOF: N_("同一份证明文件也用于另外 %(others)s 名考生"),
    TOO_YOUNG: N_("到判断基准日未满 %(age)s 周岁"),
    RETIRED: N_("到判断基准日已满 %(age)s 周岁"),
    ELSEWHERE: N_("在另一批次有同职业同等级的申请"),
    CERTIFIED: N_("已有同职业同等级的证书"),
    MAKEUP: N_("在另一批次有科目合格，尚在补考期内"),
    LEGACY_NUMBER: N_("原证书编号不是现行或旧式标准格式，须人工核对"),
}
"""What each mark says: a fact to be looked at, never an accusation."""

OFTEN_MEANS: Mapping[str, str] = {
    SAME_PHONE: N_("常见原因：由单位或学校统一填报。请核对是否本人自愿报名。"),
    SAME_ADDRESS: N_("常见原因：同住一处宿舍或小区。请核对是否他人代为报名。"),
    SAME_PROOF: N_("常见原因：同一单位出具了多人合用的证明。请核对证明上是否写有本人姓名。"),
    TOO_YOUNG: N_("请核对身份证明上的出生日期。"),
    RETIRED: N_("超过该年龄不影响报名资格，请核对工作年限和在职情况。"),
    ELSEWHERE: N_("请与本人核实在哪一批次参加。"),
    CERTIFIED: N_("请与本人核实是否需要再次参加。"),
    MAKEUP: N_("请与本人核实是补考还是重新参加。"),
    LEGACY_NUMBER: N_("早年证书编号格式不一。请对照原件核对。"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of the list: ``kind`` return or refuse, its clause, and what the candidate does next."""

    id: str
    kind: str
    clause: str
    text: str
    mend: str

    @property
    def words(self) -> str:
        """The sentence as it is kept in the journal and read by the candidate."""
        return f"{self.text}（{self.clause}）：{self.mend}"


@cache
def reasons(kind: str = "") -> tuple[Reason, ...]:
    """The reasons of ``law/review_reasons.toml``, all or those of one kind."""
    rows = tomllib.loads((FOLDER / "review_reasons.toml").read_text(encoding="utf-8"))["reason"]
    return tuple(Reason(**row) for row in rows if not kind or row["kind"] == kind)


def words_of(kind: str, chosen: Sequence[str], note: str) -> str:
    """What is said to the candidate, word for word: the chosen reasons by id or by their text, then own words.

    Refusal ``review.reason`` (422) for one that is not in the list of ``kind``.
    """
    known = {key: each for each in reasons(kind) for key in (each.id, each.text, each.words)}
    said = []
    for given in chosen:
        if not given:
            continue
        if given not in known:
            raise refuse(
                "review.reason",
                N_("“%(reason)s”不在可选的意见中。"),
                N_("请从列表中选择，其他情况写在说明里。"),
                clause="三（一）",
                status=422,
                reason=given[:40],
            )
        said.append(known[given].words)
    return "\n".join([*dict.fromkeys(said), *([note.strip()] if note.strip() else [])])


@dataclass(frozen=True, slots=True)
class Flag:
    """A mark on an application: its kind and the figures it names."""

    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an application's marks are read from; ``others`` is how many other people share a phone, address, proof."""

    born: date | None
    as_of: date
    held_number: str = ""
    noted: tuple[tuple[str, str], ...] = ()
    same_phone: int = 0
    same_address: int = 0
    same_proof: int = 0


def flags(facts: Facts, law: Law) -> list[Flag]:
    """Every mark on an application, in a fixed order (三（一）)."""
    found = []
    for kind, others in (
        (SAME_PHONE, facts.same_phone),
        (SAME_ADDRESS, facts.same_address),
        (SAME_PROOF, facts.same_proof),
    ):
        if others and others + 1 >= int(law.value(f"{kind}_people")):
            found.append(Flag(kind, {"others": others}))
    if facts.born is not None:
        youngest, oldest = int(law.value("working_age")), int(law.value("retirement_age"))
        years = identity.age(facts.born, facts.as_of)
        if years < youngest:
            found.append(Flag(TOO_YOUNG, {"age": youngest}))
        if years >= oldest:
            found.append(Flag(RETIRED, {"age": oldest}))
    found += [
        Flag(kind if kind in (CERTIFIED, MAKEUP) else ELSEWHERE, {"number": number} if number else {})
        for kind, number in facts.noted
        if kind != LEGACY_NUMBER
    ]
    typed = facts.held_number.strip()
    unread = bool(typed) and certificate_numbers.parse(typed, law).scheme == "legacy"
    if unread or any(kind == LEGACY_NUMBER for kind, _number in facts.noted):
        found.append(Flag(LEGACY_NUMBER, {}))
    return found


def makeups_used(kinds: Sequence[str]) -> int:
    """How often a person sat again since they last sat anew; ``kinds`` are their accepted exam types, oldest first."""
    used = 0
    for kind in kinds:
        used = used + 1 if kind == "makeup" else 0
    return used


def makeup_refusal(kinds: Sequence[str], law: Law) -> Refusal | None:
    """Why a make-up may not be accepted after the ``kinds`` sat before, or None (四（八）)."""
    used, most = makeups_used(kinds), int(law.value("makeup_times"))
    if used < most:
        return None
    return refuse(
        "application.makeups",
        N_("该考生已补考%(used)s次，补考最多%(most)s次。"),
        N_("请按新考重新报名，各科全部参加。"),
        clause="四（八）",
        used=used,
        most=most,
    )


def same_address_key(text: str) -> str:
    """One writing of an address, for comparing: full-width and half-width, spaces and marks do not count."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


NOT_MET_WORD = N_("申报条件未全部满足或尚待核实")
FLAG_WORD = N_("有需要核对的提示")
MISSING_WORD = N_("材料不齐")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an application may go through in bulk: ``name`` clean, look or flagged; ``why`` says what stands in the way."""

    name: str
    why: tuple[str, ...] = ()


def standing(verdict: str, marks: Iterable[object], missing: Iterable[str]) -> Standing:
    """Clean means: every condition met, nothing marked, every proof there (三（一）, 三（二）). Nothing else is."""
    why = []
    if verdict != MET:
        why.append(NOT_MET_WORD)
    if tuple(missing):
        why.append(MISSING_WORD)
    if tuple(marks):
        return Standing(FLAGGED, (*why, FLAG_WORD))
    return Standing(LOOK, tuple(why)) if why else Standing(CLEAN)


def missing_proofs(source: str, evidence: Iterable[str], held: Iterable[str], *, photo: bool) -> list[str]:
    """The proofs of 三（二） an application lacks; those of a roster stay with the organisation that handed it in."""
    if source != "person":
        return []
    there = set(held)
    return [each for each in dict.fromkeys(["identity", *evidence]) if each not in there] + ([] if photo else ["photo"])


def second_reviewer(first: int | None, account_id: int | None) -> None:
    """The second review is another person's; Refusal ``review.same_person`` (403)."""
    refusal = not_second(first, account_id)
    if refusal is not None:
        raise refusal


def not_second(first: int | None, account_id: int | None) -> Refusal | None:
    """Why somebody may not give the second review, or None."""
    if first is None or first != account_id:
        return None
    return refuse(
        "review.same_person",
        N_("初审和复核不能是同一人：这份申请由您初审。"),
        N_("请由本机构另一名审核人员复核；如需改变意见，可以收回初审意见。"),
        clause="三（一）",
        status=403,
    )


def not_first(first: int | None, account_id: int | None) -> Refusal | None:
    """Why somebody may not take the first review back, or None."""
    if first == account_id:
        return None
    return refuse(
        "review.not_first",
        N_("初审意见由初审人本人收回。"),
        N_("您是复核人员：不同意初审意见的，请退回初审并写明理由。"),
        clause="三（一）",
        status=403,
    )


def undo_until(decided_at: datetime, law: Law) -> datetime:
    """The last moment a decision may still be undone by whoever made it."""
    return decided_at + timedelta(minutes=int(law.value("review_undo_minutes")))
