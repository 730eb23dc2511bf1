"""The dry run of an unpublished standard version over past applications (三（一）): what would change, and nothing does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.applications import actions
from jiangheng.applications.actions import rehearsing
from jiangheng.applications.models import Application, Rehearsal
from jiangheng.catalog import actions as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.journal import delivery
from jiangheng.journal.models import Outgoing
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.site.jobs import JOBS
from tests.applications.cases import catalogue, many, request_of

pytestmark = pytest.mark.django_db
SOURCE = {"document": "桂人社发〔2026〕示例号", "clause": "第二条"}
Browser = Callable[..., Client]


@pytest.fixture
def entered(school: Person, now: datetime) -> StandardVersion:
    """Three people of a roster, each judged by the standard in force."""
    standard = catalogue()
    request = request_of(school)
    actions.import_roster(by=school, now=now, request_id=request.pk, upload=many(3))
    assert Application.objects.exclude(verdict="").count() == 3
    return standard


def drafted(centre: Person, now: datetime, source: StandardVersion, level: int = 4) -> StandardVersion:
    """A draft of the same standard in which every route of a level asks for forty years of work."""
    draft = catalog.draft(
        by=centre, now=now, occupation_id=source.occupation_id, copied_from_id=source.pk, valid_from=date(2030, 1, 1)
    )
    for route_id in ("2023-4-1", "2023-4-2", "2023-4-3"):
        draft = catalog.remove_route(
            by=centre, now=now, standard_id=draft.pk, seen=draft.version, route_id=route_id, **SOURCE
        )
    return catalog.set_route(
        by=centre,
        now=now,
        standard_id=draft.pk,
        seen=draft.version,
        route={"level": level, "text": "累计从事本职业或相关职业工作满40年。", "evidence": ["work_years"], "cum": 40},
        **SOURCE,
    )


def stored() -> list[tuple[Any, ...]]:
    return list(Application.objects.order_by("id").values_list("verdict", "judgement", "version", "state"))


def test_the_same_rules_change_nothing_and_stricter_ones_say_whom(
    centre: Person, entered: StandardVersion, now: datetime
) -> None:
    before = stored()
    same = catalog.draft(
        by=centre, now=now, occupation_id=entered.occupation_id, copied_from_id=entered.pk, valid_from=date(2030, 1, 1)
    )
    run = actions.start_rehearsal(by=centre, now=now, standard_id=same.pk)
    assert (run.total, run.done, run.changed, run.unread) == (3, 3, 0, 0)
    assert run.finished_at is not None
    catalog.withdraw(by=centre, now=now, standard_id=same.pk, note="示例")
    stricter = drafted(centre, now, entered)
    run = actions.start_rehearsal(by=centre, now=now, standard_id=stricter.pk)
    judged = {verdict for verdict, *_rest in before}
    met = sum(verdict == "met" for verdict, *_rest in before)
    assert run.changed >= met
    assert all(each.after != each.before for each in run.changes.all())
    assert {each.before for each in run.changes.all()} <= judged
    assert all(each.why["nearest"] == "local-4-1" for each in run.changes.filter(after="not_met"))
    assert stored() == before


def test_a_large_one_is_run_by_the_worker_in_parts_and_no_part_twice(
    centre: Person, entered: StandardVersion, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "AT_ONCE", 1)
    monkeypatch.setattr(rehearsing, "PART", 2)
    delivery.register(JOBS)
    run = actions.start_rehearsal(by=centre, now=now, standard_id=drafted(centre, now, entered).pk)
    assert (run.total, run.done) == (3, 0)
    with pytest.raises(Refusal) as caught:
        actions.start_rehearsal(by=centre, now=now, standard_id=run.standard_id)
    assert caught.value.code == "rehearsal.running"
    while Outgoing.objects.filter(channel="job", done_at=None).exists():
        assert delivery.run_once(now) > 0
    run.refresh_from_db()
    assert (run.done, run.finished_at is not None) == (3, True)
    changed = run.changes.count()
    rehearsing.run(now=now, rehearsal_id=run.pk, after=0)
    assert run.changes.count() == changed == Rehearsal.objects.get(pk=run.pk).changed


def test_a_draft_changed_meanwhile_ends_the_run(
    centre: Person, entered: StandardVersion, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "AT_ONCE", 1)
    draft = drafted(centre, now, entered)
    run = actions.start_rehearsal(by=centre, now=now, standard_id=draft.pk)
    catalog.restore_route(by=centre, now=now, standard_id=draft.pk, seen=draft.version, route_id="2023-4-1")
    rehearsing.run(now=now, rehearsal_id=run.pk, after=0)
    run.refresh_from_db()
    assert (run.done, run.finished_at is not None) == (0, True)


def test_only_the_centre_and_only_what_is_not_published(
    centre: Person, body: Person, school: Person, entered: StandardVersion, now: datetime
) -> None:
    with pytest.raises(Refusal) as caught:
        actions.start_rehearsal(by=centre, now=now, standard_id=entered.pk)
    assert (caught.value.code, caught.value.status) == ("rehearsal.published", 409)
    draft = drafted(centre, now, entered)
    for stranger in (body, school):
        with pytest.raises(Refusal) as caught:
            actions.start_rehearsal(by=stranger, now=now, standard_id=draft.pk)
        assert (caught.value.code, caught.value.status) == ("deed.role", 403)


def test_its_pages_are_read_filtered_and_exported(
    centre: Person, body: Person, entered: StandardVersion, now: datetime, client_for: Browser
) -> None:
    draft = drafted(centre, now, entered)
    browser = client_for(centre, now)
    address = f"/applications/rehearsals/standard/{draft.pk}/"
    assert "还没有试算过" in browser.get(address).content.decode()
    answer = browser.post(address, {"_once": "rehearsal-once"})
    assert answer.status_code == 302
    page = browser.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "3&nbsp;/&nbsp;3" in page.content.decode()
    run = Rehearsal.objects.get()
    for each in run.changes.all():
        assert each.application.number in page.content.decode()
    assert browser.get(answer.headers["Location"], {"before": "not_met", "q": "无此编号"}).status_code == 200
    assert browser.get(answer.headers["Location"], {"export": "1"}).headers["Content-Type"].endswith("sheet")
    assert client_for(body, now).get(answer.headers["Location"]).status_code == 403
    counts = []
    for keep in (1, run.changes.count()):
        run.changes.filter(pk__in=list(run.changes.values_list("pk", flat=True)[keep:])).delete()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(answer.headers["Location"])
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_a_version_overrides_decides_applications(school: Person, now: datetime) -> None:
    standard = catalogue()
    overrides = [{"remove": route_id, **SOURCE} for route_id in ("2023-4-1", "2023-4-2", "2023-4-3")]
    added = {"id": "local-4-1", "level": 4, "text": "累计工作满40年。", "evidence": ["work_years"], "cum": 40}
    StandardVersion.objects.filter(pk=standard.pk).update(route_overrides=[*overrides, {"add": added, **SOURCE}])
    upload = many(3, route="local-4-1")
    actions.import_roster(by=school, now=now, request_id=request_of(school).pk, upload=upload)
    rows = list(Application.objects.all())
    assert len(rows) == 3
    assert all(row.verdict != "met" for row in rows)
    assert {each["route"] for row in rows for each in row.judgement["conditions"]} == {"local-4-1"}
