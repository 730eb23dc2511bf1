"""四（五）（七）: two people open a sitting on their phones; a candidate writes through a lost network; no answer is lost."""

from __future__ import annotations

from collections.abc import Callable

import segno
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jiangheng.demonstration.stage import Stage
from jiangheng.demonstration.timeline import at
from jiangheng.exam_day import actions as exam_day
from jiangheng.exam_day.models import Answer
from jiangheng.people.sealing import unseal
from jiangheng.sittings.models import Seat, Sitting
from tests.journeys.conftest import PHONE, Clock, Town, field, unfit

DESK_FIELD = "准考证号或证件号码"
SAVED, UNSAVED = "全部答案已保存", "个答案尚未保存到服务器"


def choose(page: Page, number: int, letter: str) -> None:
    # click, not check: the stale tab's choice may be undone by the server's answer before check() looks again
    page.locator(f"#question-{number}").get_by_role("radio").and_(page.locator(f"[value={letter}]")).click()


def chosen(page: Page, number: int) -> str:
    return str(page.locator(f"#question-{number} input:checked").get_attribute("value"))


def standing(seat: Seat) -> dict[int, str]:
    return dict(Answer.objects.filter(seat=seat).values_list("question", "value"))


def enter(page: Page, seat: Seat, code: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="进入考试").click()
    field(page, "准考证号").fill(seat.application.ticket.number)
    field(page, "证件号码后四位").fill(seat.application.identity.number_tail)
    field(page, "考场口令").fill(code)
    page.get_by_role("button", name="进入考试").click()
    expect(page.locator("#badge")).to_have_text(SAVED)


def duty(town: Town, username: str) -> Page:
    phone = town.sign_in(username, PHONE)
    phone.get_by_role("link", name="我的考务").first.click()
    phone.get_by_role("link", name="理论知识考试").first.click()
    return phone


def first_room(stage: Stage) -> tuple[Sitting, list[Seat]]:
    sitting = Sitting.objects.filter(plan=stage.plan, subject="theory").order_by("starts_at", "id")[0]
    return sitting, list(
        Seat.objects.filter(sitting=sitting).select_related("application__ticket", "application__identity")
    )


def under_way(stage: Stage, clock: Clock) -> tuple[Seat, str]:
    """The first theory sitting already opened, five minutes in: a seat and the room code."""
    sitting, seats = first_room(stage)
    first, second = stage.person("invigilator1"), stage.person("invigilator2")
    early = at(stage.days.exam, "08:45")
    exam_day.unseal(by=first, now=early, sitting_id=sitting.pk)
    for seat in seats:
        exam_day.sign_in(by=second, now=early, sitting_id=sitting.pk, ticket_number=seat.application.ticket.number)
    exam_day.open_sitting(by=second, now=at(stage.days.exam, "09:00"), sitting_id=sitting.pk)
    sitting.refresh_from_db()
    clock.set(stage.days.exam, "09:05")
    return seats[0], sitting.room_code


def opened(stage: Stage, town: Town, clock: Clock) -> tuple[Page, Seat, str]:
    """The first theory sitting opened by two people with everybody signed in: a keeper's phone, a seat, the code."""
    _sitting, seats = first_room(stage)
    clock.set(stage.days.exam, "08:45")
    first, second = duty(town, "invigilator1"), duty(town, "invigilator2")
    first.get_by_role("button", name="查验封条（第一人）").click()
    expect(first.get_by_text("请另一名考务人员在其账号中开考")).to_be_visible()
    expect(first.get_by_role("link", name="拆封开考（第二人）")).to_have_count(0)  # never the same person twice

    first.get_by_role("link", name="考生签到").click()
    field(first, DESK_FIELD).fill("000000")
    first.get_by_role("button", name="签到", exact=True).first.click()
    expect(first.get_by_role("alert")).to_be_visible()
    for seat in seats:
        field(first, DESK_FIELD).fill(seat.application.ticket.number)
        first.get_by_role("button", name="签到", exact=True).first.click()
        expect(first.get_by_text(f"{seat.application.name} 已签到")).to_be_visible()

    clock.set(stage.days.exam, "09:00")
    second.reload()
    second.get_by_role("link", name="拆封开考（第二人）").click()
    second.get_by_role("button", name="确认").click()
    code = second.locator(".code").inner_text().strip()
    assert code
    return second, seats[0], code


def test_no_answer_is_lost_in_a_lost_network(world: Callable[[str], Stage], town: Town, clock: Clock) -> None:
    """四（五）: answers wait in the browser while the network is away, survive a reload, are sent once, in order."""
    stage = world("briefed")
    keeper, seat, code = opened(stage, town, clock)
    clock.set(stage.days.exam, "09:05")
    page = town.visitor()
    page.goto("/sittings/room/")
    field(page, "准考证号").fill(seat.application.ticket.number)
    field(page, "证件号码后四位").fill("0000")
    field(page, "考场口令").fill(code)
    page.get_by_role("button", name="进入考试").click()
    expect(page.get_by_role("alert")).to_contain_text("不正确")

    enter(page, seat, code)
    choose(page, 1, "A")
    expect(page.locator("#badge")).to_have_text(SAVED)
    page.context.set_offline(True)
    for number, letter in ((2, "B"), (3, "C"), (2, "D"), (1, "B")):
        choose(page, number, letter)
    expect(page.locator("#badge")).to_contain_text(UNSAVED)
    assert standing(seat) == {1: "A"}
    page.context.set_offline(False)
    expect(page.locator("#badge")).to_have_text(SAVED)
    assert standing(seat) == {1: "B", 2: "D", 3: "C"}
    assert [chosen(page, number) for number in (1, 2, 3)] == ["B", "D", "C"]

    page.get_by_role("button", name="保存并去交卷").click()
    expect(page.locator("main")).to_contain_text("已答 3 题")
    clock.set(stage.days.exam, "10:00")
    page.get_by_role("button", name="确认交卷").click()
    expect(page.locator("h1")).to_have_text("已交卷")
    assert standing(seat) == {1: "B", 2: "D", 3: "C"}
    page.goto("/sittings/room/")
    field(page, "准考证号").fill(seat.application.ticket.number)
    field(page, "证件号码后四位").fill(seat.application.identity.number_tail)
    field(page, "考场口令").fill(code)
    page.get_by_role("button", name="进入考试").click()
    expect(page.get_by_role("alert")).to_contain_text("交卷")  # handed in is handed in

    keeper.reload()
    expect(keeper.locator(".counts").first).to_contain_text("已交卷1")


def test_a_killed_browser_finds_its_answers_again(world: Callable[[str], Stage], town: Town, clock: Clock) -> None:
    """四（五）: the browser dies with answers unsent; on the same machine they come back; a new machine has all that was saved."""
    stage = world("briefed")
    seat, code = under_way(stage, clock)
    page = town.visitor()
    enter(page, seat, code)
    choose(page, 1, "A")
    expect(page.locator("#badge")).to_have_text(SAVED)
    page.context.set_offline(True)
    choose(page, 2, "B")
    expect(page.locator("#badge")).to_contain_text(UNSAVED)
    page.close(run_before_unload=False)
    assert standing(seat) == {1: "A"}

    page.context.set_offline(False)
    again = page.context.new_page()
    town.watch(again)
    again.goto("/sittings/room/paper/")
    expect(again.locator("#badge")).to_have_text(SAVED)
    assert [chosen(again, number) for number in (1, 2)] == ["A", "B"]
    assert standing(seat) == {1: "A", 2: "B"}

    clock.set(stage.days.exam, "09:20")
    other = town.visitor()
    enter(other, seat, code)
    assert [chosen(other, number) for number in (1, 2)] == ["A", "B"]
    assert other.locator(".exam-bar").get_attribute("data-seconds") == str(70 * 60)
    choose(again, 3, "C")  # the first machine is shut out, and says so
    expect(again.locator("#badge")).to_contain_text("这个座位已在另一台设备上继续考试")
    assert 3 not in standing(seat)


def test_the_stale_tab_does_not_overwrite(world: Callable[[str], Stage], town: Town, clock: Clock, axe: Axe) -> None:
    """四（五）: of two tabs the one behind is told, keeps what it chose, and may choose it again knowingly."""
    stage = world("briefed")
    seat, code = under_way(stage, clock)
    one = town.visitor()
    enter(one, seat, code)
    two = one.context.new_page()
    town.watch(two)
    two.goto("/sittings/room/paper/")
    expect(two.locator("#badge")).to_have_text(SAVED)
    choose(one, 1, "A")
    expect(one.locator("#badge")).to_have_text(SAVED)
    assert standing(seat) == {1: "A"}

    choose(two, 1, "B")
    note = two.locator("#question-1 .question-note")
    expect(note).to_contain_text("此题已在别处改为 A，您在本机的选择 B 未覆盖")
    assert unfit(two, axe) == []
    assert standing(seat) == {1: "A"}
    assert chosen(two, 1) == "A"
    note.get_by_role("button", name="改用本机的选择").click()
    expect(two.locator("#badge")).to_have_text(SAVED)
    expect(note).not_to_contain_text("未覆盖")
    assert standing(seat) == {1: "B"}


# A picture of a QR code before the camera, drawn again and again as a camera would.
CAMERA = """(picture) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 320;
  const pen = canvas.getContext("2d");
  const image = new Image();
  image.src = picture;
  setInterval(() => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, 320, 320); pen.drawImage(image, 40, 40, 240, 240); }, 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}"""


def test_the_desk_signs_in_without_a_network_and_by_camera(
    world: Callable[[str], Stage], town: Town, clock: Clock, axe: Axe
) -> None:
    """四（七）: what is noted at the door without a network waits in the phone, survives it, and is sent once."""
    stage = world("briefed")
    sitting, seats = first_room(stage)
    clock.set(stage.days.exam, "08:45")
    phone = duty(town, "invigilator1")
    phone.get_by_role("link", name="考生签到").click()
    field(phone, DESK_FIELD).wait_for()
    assert unfit(phone, axe) == []
    first, second, third = seats[:3]

    phone.context.set_offline(True)
    for seat in (first, second):
        field(phone, DESK_FIELD).fill(seat.application.ticket.number)
        phone.get_by_role("button", name="签到", exact=True).first.click()
    expect(phone.get_by_text("还有 2 条没有上传")).to_be_visible()
    assert not Seat.objects.filter(sitting=sitting, signed_in_at__isnull=False).exists()
    clock.set(stage.days.exam, "08:50")
    phone.context.set_offline(False)
    expect(phone.get_by_text(f"{second.application.name} 已签到")).to_be_visible(timeout=20_000)
    expect(phone.locator("#desk-lists section").last).to_contain_text(first.application.name)
    assert Seat.objects.filter(sitting=sitting, signed_in_at__isnull=False).count() == 2

    fourth, line = seats[3], "示例,男,19900101,{},20200101-20400101"
    phone.context.set_offline(True)
    field(phone, DESK_FIELD).fill(line.format(unseal(fourth.application.identity.number_sealed)))
    phone.keyboard.press("Enter")
    expect(phone.locator("#desk-found")).to_contain_text(fourth.application.name)
    expect(phone.get_by_text("按证件号码首尾找到")).to_be_visible()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("还有 1 条没有上传")).to_be_visible()
    assert unseal(fourth.application.identity.number_sealed) not in phone.evaluate("JSON.stringify(localStorage)")
    phone.context.set_offline(False)
    expect(phone.get_by_text(f"{fourth.application.name} 已签到")).to_be_visible(timeout=20_000)
    fifth = seats[4]
    field(phone, DESK_FIELD).fill(unseal(fifth.application.identity.number_sealed))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text(f"{fifth.application.name} 已签到")).to_be_visible()

    phone.evaluate(CAMERA, segno.make_qr(third.application.ticket.number).png_data_uri(scale=8, border=4))
    phone.get_by_role("button", name="扫码").click()
    expect(phone.locator("#desk-found")).to_contain_text(third.application.name)
    phone.keyboard.press("Enter")
    expect(phone.get_by_text(f"{third.application.name} 已签到")).to_be_visible()

    board = town.sign_in("body1")
    board.goto("/sittings/board/")
    expect(board.get_by_role("row", name=sitting.room_name).first).to_contain_text("5")
    assert unfit(board, axe) == []
