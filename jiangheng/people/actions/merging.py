"""Two documents of one person (三（二）1): proposed by one with the proof, confirmed by another; nothing is deleted.

The other document stays in the register under its own number, which a certificate issued under it keeps; from the
confirmation on, whoever names it is the person of the document kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from jiangheng.files import actions as files
from jiangheng.files.models import StoredFile
from jiangheng.journal.actions import action, move, record
from jiangheng.journal.actions.locking import hold
from jiangheng.people import queries
from jiangheng.people.actions.identities import Claim, document_for
from jiangheng.people.models import Account, Affiliation, Identity, IdentityMerge, Relation, StaffCard
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

Follower = Callable[..., None]
FOLLOWERS: list[Follower] = []
"""What rooms above do when two documents become one person: called with kept and other (identity ids) inside the
deed; a Refusal of theirs takes the whole deed back."""


@action("identity_merge.propose")
def propose_merge(*, by: Person, now: datetime, kept: Claim, other: Claim, reason: str, proof: Any) -> IdentityMerge:
    """Propose that ``other`` is a further document of the person of ``kept``, with the proof both were seen by.

    A document not recorded yet is recorded. Refusals: those of ``identity_for`` and ``files.actions.store``;
    ``merge.reason`` (422), ``merge.same``, ``merge.waiting``, ``merge.accounts`` (409).
    """
    if not reason.strip():
        raise refuse(
            "merge.reason",
            N_("请写明两个证件为什么是同一人的。"),
            N_("如“通行证换发为居住证”“证件号码更正”，并注明证明文件。"),
            clause="三（二）",
            status=422,
        )
    first = document_for(by=by, now=now, claim=kept)
    first = first.person or first
    second = document_for(by=by, now=now, claim=other)
    _can_be_one(first, second)
    if IdentityMerge.objects.filter(other=second, state="submitted").exists():
        raise refuse(
            "merge.waiting", N_("这个证件的归并正在等待复核。"), N_("请先办结或撤回原来的申请。"), clause="三（二）"
        )
    file = files.store(by=by, now=now, upload=proof, purpose="proof", account_id=by.account_id)
    row = IdentityMerge.objects.create(
        kept=first, other=second, reason=reason.strip()[:1000], proof=file, proposed_by=by.account_id, created_at=now
    )
    record(
        row, note=row.reason, after={"kept": first.number_masked, "other": second.number_masked, "sha256": file.sha256}
    )
    return row


def _can_be_one(first: Identity, second: Identity) -> None:
    if second.pk == first.pk or second.person_id == first.pk:
        raise refuse("merge.same", N_("这两个证件已经登记为同一人。"), N_("不需要再办理归并。"), clause="三（二）")
    if second.person_id is not None:
        raise refuse(
            "merge.other_person",
            N_("这个证件已归并到另一人名下。"),
            N_("请核对号码；确有错误的，请联系系统管理员核查。"),
            clause="三（二）",
        )
    accounts = Account.objects.filter(identity__in=[first, second], is_active=True).values_list(
        "identity_id", flat=True
    )
    if len(set(accounts)) > 1:
        raise refuse(
            "merge.accounts",
            N_("两个证件各有一个正在使用的账号。"),
            N_("一人一账号：请先停用其中一个，再办理归并。"),
            clause="三（二）",
        )


@action("identity_merge.confirm")
def confirm_merge(
    *, by: Person, now: datetime, merge_id: int, note: str = "", seen: int | None = None
) -> IdentityMerge:
    """Carry the merging out; not by the clerk who proposed it.

    Refusals: ``merge.own`` (403), ``merge.same``, ``merge.other_person``, ``merge.accounts`` (409), those of the rooms
    that keep records of either document.
    """
    row = queries.merge(by, merge_id)
    row = move(row, "confirm", note=note, seen=seen)
    # Both rows are held until the end, in one order: nobody applies under either document meanwhile.
    held = {each.pk: each for each in hold(Identity.objects.filter(pk__in=[row.kept_id, row.other_id]))}
    kept, other = held[row.kept_id], held[row.other_id]
    _can_be_one(kept, other)
    for follow in FOLLOWERS:
        follow(kept=kept.pk, other=other.pk)
    _follow(kept, other)
    Identity.objects.filter(person=other).update(person=kept)
    Identity.objects.filter(pk=other.pk).update(person=kept)
    record(kept, after={"document": other.number_masked, "kind": other.kind, "merge": row.pk})
    return row


def _follow(kept: Identity, other: Identity) -> None:
    """What this room keeps of the other document is the person's from now on."""
    for row in Affiliation.objects.filter(identity=other):
        if not Affiliation.objects.filter(identity=kept, organisation_id=row.organisation_id).exists():
            Affiliation.objects.filter(pk=row.pk).update(identity=kept)
    StaffCard.objects.filter(identity=other).update(identity=kept)
    Relation.objects.filter(identity=other).update(identity=kept)
    StoredFile.objects.filter(identity_id=other.pk).update(identity_id=kept.pk)
    if not Account.objects.filter(identity=kept).exists():
        Account.objects.filter(identity=other).update(identity=kept)


@action("identity_merge.refuse")
def refuse_merge(*, by: Person, now: datetime, merge_id: int, note: str, seen: int | None = None) -> IdentityMerge:
    """Do not agree, with the reason."""
    return move(queries.merge(by, merge_id), "refuse", note=note, seen=seen)


@action("identity_merge.withdraw")
def withdraw_merge(
    *, by: Person, now: datetime, merge_id: int, note: str = "", seen: int | None = None
) -> IdentityMerge:
    """Take one's own proposal back; Refusal ``merge.not_yours`` (403)."""
    row = queries.merge(by, merge_id)
    return move(row, "withdraw", note=note, seen=seen)
