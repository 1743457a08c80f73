"""What staff decide once (rules), what new readers are given (the welcome), and what the staff were told (alerts)."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.delivery.models import Alert, WelcomeMail, WelcomeSequence
from pipeline.editorial.actions.newsletters import NewsletterError, update_newsletter
from pipeline.editorial.actions.rules import choose_welcome_tips, update_rules
from pipeline.editorial.models import ApprovalPolicy, Newsletter
from pipeline.editorial.newsletter_rules import RULES, NewsletterRuleError, Rule, shown
from pipeline.editorial.queries import rules_of
from pipeline.editorial.revisions import current_revision
from pipeline.errors import TipsheetError
from pipeline.publish import alerts as staff_alerts
from pipeline.publish.previews import filled, with_pictures_inside
from pipeline.publish.welcome import look_at, welcome_tips
from pipeline.web.studio.mail_frame import mail_frame, no_mail
from pipeline.web.studio.pages import actor_of, newsletter_of, page, staff_page, tell

ALERTS_SHOWN = 100
TIPS_OFFERED = 100
_YES_NO = (("yes", "yes"), ("no", "no"))
# What is decided once too, and is kept with the newsletter itself.
_OWN = {
    "approval": forms.ChoiceField(
        label="An issue goes out",
        choices=[
            (ApprovalPolicy.AUTOMATIC, "by itself, if preflight finds nothing that blocks"),
            (ApprovalPolicy.REQUIRED, "once a person has approved it"),
        ],
    ),
    "tips_per_issue": forms.IntegerField(label="Tips in an issue", min_value=1, max_value=50),
    "lead_time_minutes": forms.IntegerField(
        label="Minutes before its time at which it is composed", min_value=0, max_value=40320
    ),
}


class RulesForm(forms.Form):
    """One field for each rule, made from the table of rules; `clean` is the actions' business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_OWN)
        self.fields.update({name: _field(rule) for name, rule in RULES.items()})

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what they are about, in their order."""
        own = [("The issue", [self[name] for name in _OWN])]
        rest = groupby(RULES.values(), key=lambda rule: rule.group)
        return own + [(group, [self[rule.name] for rule in rules]) for group, rules in rest]


def _field(rule: Rule) -> forms.Field:
    words: dict[str, Any] = {"label": rule.label, "help_text": rule.hint, "required": False}
    if rule.choices:
        return forms.ChoiceField(choices=rule.choices, **words)
    if rule.high:
        return forms.IntegerField(min_value=rule.low, max_value=rule.high, **words | {"required": True})
    if rule.name.startswith("alert_") and rule.name in {"alert_addresses", "alert_webhook"}:
        return forms.CharField(max_length=1000, **words)
    return forms.ChoiceField(choices=_YES_NO, **words)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "rules")
    current = {name: shown(value) for name, value in asdict(rules_of(newsletter)).items()}
    own = {name: getattr(newsletter, name) for name in _OWN}
    form = RulesForm(request.POST or None, initial=current | own)
    if request.method == "POST" and form.is_valid() and _kept(request, newsletter, form):
        return redirect("studio:rules")
    return page(request, "rules.html", "rules", newsletter=newsletter, form=form)


def _kept(request: HttpRequest, newsletter: Newsletter, form: RulesForm) -> bool:
    now, actor = utc_now(), actor_of(request)
    given = form.cleaned_data
    try:
        update_rules(newsletter=newsletter, changes={name: str(given[name]) for name in RULES}, now=now, actor=actor)
        update_newsletter(newsletter=newsletter, changes={name: given[name] for name in _OWN}, now=now, actor=actor)
    except (NewsletterRuleError, NewsletterError) as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return tell(request, lambda: None, "Kept. They hold from the next issue that is composed.")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "rules")
    if request.method == "POST":
        _choose(request, newsletter)
        return redirect("studio:welcome")
    given = rules_of(newsletter)
    tips = [(tip, current_revision(tip)) for tip in welcome_tips(newsletter)]
    under_way = WelcomeSequence.objects.filter(newsletter=newsletter)
    return page(
        request,
        "welcome.html",
        "rules",
        newsletter=newsletter,
        rules=given,
        steps=tips[: given.welcome_mails],
        offered=_offered(newsletter),
        chosen=", ".join(str(tip.pk) for tip, _ in tips) if given.welcome_choice == "chosen" else "",
        under_way=under_way.filter(next_at__isnull=False).count(),
        planned=WelcomeMail.objects.filter(newsletter=newsletter).count(),
    )


def _offered(newsletter: Newsletter) -> list[tuple[int, str]]:
    published = newsletter.tips.filter(state="published").select_related("revision").order_by("-published_at", "-pk")
    return [(tip.pk, current_revision(tip).title) for tip in published[:TIPS_OFFERED]]


def _choose(request: HttpRequest, newsletter: Newsletter) -> None:
    """The tips in the order of their numbers as they were typed; an empty line goes back to the best by score."""
    now, actor = utc_now(), actor_of(request)
    words = request.POST.get("tips", "").replace(",", " ").split()
    tip_ids = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 18]

    def choose() -> None:
        if tip_ids:
            choose_welcome_tips(newsletter=newsletter, tip_ids=tip_ids, now=now, actor=actor)
        choice = "chosen" if tip_ids else "best"
        update_rules(newsletter=newsletter, changes={"welcome_choice": choice}, now=now, actor=actor)

    tell(request, choose, "Kept." if tip_ids else "New readers get the best tips by score.")


@staff_page
@require_safe
def welcome_mail(request: HttpRequest, step: int) -> HttpResponse:
    """The mail of one step, for a frame."""
    newsletter = newsletter_of(request)
    tips = welcome_tips(newsletter) if newsletter is not None else []
    if newsletter is None or not 1 <= step <= len(tips):
        return no_mail("There is no such mail: too few tips are published.")
    try:
        look = look_at(tips[step - 1], config=settings.CONFIG, now=utc_now())
    except TipsheetError as error:
        return no_mail(str(error))
    html = filled(look.rendered.html, language=newsletter.language)
    return mail_frame(with_pictures_inside(html, look.content.newsletter, config=settings.CONFIG))


@staff_page
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "alerts")
    rows = Alert.objects.filter(newsletter=newsletter).order_by("-pk")
    return page(
        request, "alerts.html", "alerts", newsletter=newsletter, rows=rows[:ALERTS_SHOWN],
        older=max(rows.count() - ALERTS_SHOWN, 0), rules=rules_of(newsletter),
    )  # fmt: skip


@staff_page
@require_POST
def test_alert(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is not None:
        tell(
            request,
            lambda: staff_alerts.test(newsletter, config=settings.CONFIG, now=utc_now(), actor=actor_of(request)),
            "A test alert leaves with the next tick.",
        )
    return redirect("studio:alerts")
