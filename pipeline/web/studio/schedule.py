"""The schedule: when issues are due, days off, pauses, issues at a moment of their own; each time with its UTC."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from pipeline.audience.zones import available_zones
from pipeline.clock import utc_now
from pipeline.editorial.actions import schedules as actions
from pipeline.editorial.holiday_rules import holiday_calendar
from pipeline.editorial.models import Newsletter, Schedule
from pipeline.editorial.recurrence_notations import read_schedule
from pipeline.editorial.recurrence_rules import ScheduleError
from pipeline.editorial.recurrence_words import describe
from pipeline.editorial.slots import Slot, end_note
from pipeline.editorial.timetable_rules import OnDayOff, Timetable, coming_slots
from pipeline.editorial.timetables import rule_from, timetable_of
from pipeline.errors import TipsheetError
from pipeline.web.studio.pages import View, actor_of, newsletter_of, page, staff_page

SLOTS_SHOWN = 5


class ScheduleForm(forms.Form):
    """When issues are due, as marketing says it."""

    schedule = forms.CharField(
        label="When an issue is due", max_length=400,
        help_text="Such as: every Tuesday and Friday at 9:00 · first Monday of the month at 8 · "
        "every 10 days at 6:15 from 2026-12-01. A cron line or an RRULE does as well.",
    )  # fmt: skip
    time_zone = forms.CharField(
        label="Time zone", max_length=60, help_text="Whose clocks show that time",
        widget=forms.TextInput(attrs={"list": "zones"}),
    )  # fmt: skip
    on_day_off = forms.ChoiceField(
        label="A slot on a day off",
        choices=[(OnDayOff.SKIP.value, "has no issue"), (OnDayOff.NEXT_DAY.value, "moves to the next free day")],
    )
    holidays = forms.CharField(
        label="Public holidays are days off", max_length=20, required=False,
        help_text="A country or region, such as DE, DE-BY or US; empty for none",
    )  # fmt: skip
    at_subscribers_time = forms.BooleanField(
        label="Reach each subscriber when their own clocks show the time", required=False
    )


class DaysOffForm(forms.Form):
    """Days without an issue."""

    first_day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Why", max_length=120, required=False)


class OneOffForm(forms.Form):
    """A moment of its own."""

    moment = forms.DateTimeField(
        label="Day and time", input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip


class PauseForm(forms.Form):
    """How long nothing is due."""

    until = forms.DateField(
        label="The first day with issues again", required=False, help_text="Empty: until you resume",
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    """The schedule, and its form. Looking at a rule shows its slots and keeps nothing."""
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "calendar")
    row, now = get_object_or_404(Schedule, newsletter=newsletter), utc_now()
    form = ScheduleForm(request.POST or None, initial=_initial(row))
    looked_at: Timetable | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "look" in request.POST:
                looked_at = _looked_at(form, row, now=now)
            else:
                change = actions.change_schedule(
                    newsletter=newsletter, changes=form.cleaned_data, now=now, actor=actor_of(request)
                )
                _tell(request, ["Kept."] if change.changed else ["Nothing to change."], change.notes)
                return redirect("studio:schedule")
        except ScheduleError as error:
            form.add_error(_field_of(error), str(error))
    return _page(request, newsletter, row, form=form, looked_at=looked_at, now=now)


def _looked_at(form: ScheduleForm, row: Schedule, *, now: datetime) -> Timetable:
    """The timetable as it would be if the form were kept."""
    given, table = form.cleaned_data, timetable_of(row.newsletter)
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    rule = read_schedule(given["schedule"], zone=given["time_zone"], today=today, since=row.anchor)
    return replace(
        table,
        rule=replace(rule, starts_at=row.starts_at),
        days_off=replace(table.days_off, holidays=holiday_calendar(given["holidays"])),
        on_day_off=OnDayOff(given["on_day_off"]),
    )


def _field_of(error: ScheduleError) -> str:
    said = str(error)
    if "time zone" in said:
        return "time_zone"
    return "holidays" if "holiday calendar" in said else "schedule"


def _initial(row: Schedule) -> dict[str, Any]:
    return {
        "schedule": describe(rule_from(row)).rpartition(" (")[0],
        "time_zone": row.time_zone,
        "on_day_off": row.on_day_off,
        "holidays": row.holidays,
        "at_subscribers_time": row.at_subscribers_time,
    }


def _page(
    request: HttpRequest,
    newsletter: Newsletter,
    row: Schedule,
    *,
    form: ScheduleForm,
    looked_at: Timetable | None,
    now: datetime,
    **forms_given: forms.Form,
) -> HttpResponse:
    table = timetable_of(newsletter)
    shown = looked_at or table
    rule = shown.rule or rule_from(row)
    context: dict[str, Any] = {
        "off_form": DaysOffForm(auto_id="off_%s"), "once_form": OneOffForm(auto_id="once_%s"),
        "pause_form": PauseForm(auto_id="pause_%s"), **forms_given,
    }  # fmt: skip
    return page(
        request,
        "schedule.html",
        "calendar",
        newsletter=newsletter,
        row=row,
        words=describe(rule),
        rfc=rule.to_ical(),
        end_note=end_note(rule, now),
        is_look=looked_at is not None,
        slots=list(islice(coming_slots(shown, now), SLOTS_SHOWN)),
        blackouts=table.days_off.blackouts,
        one_offs=[slot for slot in table.one_offs if slot.at_utc > now],
        zones=available_zones(),
        paused_until=row.paused_until.astimezone(ZoneInfo(row.time_zone)) if row.paused_until else None,
        form=form,
        **context,
    )


def _changing(
    form_name: str,
    form_class: type[forms.Form],
    change: Callable[[dict[str, Any], Newsletter, dict[str, Any]], Sequence[str]],
) -> View:
    """A view that does one thing to the schedule by its form, and shows what is refused beside the form."""

    @staff_page
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        newsletter = newsletter_of(request)
        row, now = get_object_or_404(Schedule, newsletter=newsletter), utc_now()
        form = form_class(request.POST, auto_id=f"{form_name}_%s")
        if newsletter is not None and form.is_valid():
            try:
                notes = change(form.cleaned_data | {"remove": "remove" in request.POST}, newsletter,
                               {"newsletter": newsletter, "now": now, "actor": actor_of(request)})  # fmt: skip
            except TipsheetError as error:
                form.add_error(None, str(error))
            else:
                _tell(request, ["Kept."], notes)
                return redirect("studio:schedule")
        schedule_form = ScheduleForm(initial=_initial(row))
        given = {f"{form_name}_form": form}
        return _page(request, row.newsletter, row, form=schedule_form, looked_at=None, now=now, **given)

    return view


def _days_off(given: dict[str, Any], newsletter: Newsletter, who: dict[str, Any]) -> Sequence[str]:  # noqa: ARG001
    if given["remove"]:
        return actions.remove_blackout(first_day=given["first_day"], **who)
    last_day = given["last_day"] or given["first_day"]
    return actions.add_blackout(first_day=given["first_day"], last_day=last_day, reason=given["reason"], **who)


def _one_off(given: dict[str, Any], newsletter: Newsletter, who: dict[str, Any]) -> Sequence[str]:  # noqa: ARG001
    nominal = given["moment"].replace(tzinfo=None)
    if given["remove"]:
        return actions.remove_one_off(nominal=nominal, **who)
    slot = actions.add_one_off(nominal=nominal, **who)
    return [f"An issue goes out on {_when(slot)}.", *([slot.note] if slot.note else [])]


def _pause(given: dict[str, Any], newsletter: Newsletter, who: dict[str, Any]) -> Sequence[str]:
    if given["remove"]:
        return actions.pause_schedule(paused=False, **who)
    zone = ZoneInfo(Schedule.objects.get(newsletter=newsletter).time_zone)
    until = datetime.combine(given["until"], time(0), zone) if given["until"] else None
    return actions.pause_schedule(paused=True, until=until, **who)


def _when(slot: Slot) -> str:
    return f"{slot.local:%A, %-d %B %Y, %H:%M %Z}, which is {slot.at_utc:%-d %B, %H:%M} UTC"


def _tell(request: HttpRequest, done: Sequence[str], notes: Sequence[str]) -> None:
    for line in (*done, *notes):
        messages.success(request, line)


days_off = _changing("off", DaysOffForm, _days_off)
one_off = _changing("once", OneOffForm, _one_off)
pause = _changing("pause", PauseForm, _pause)
