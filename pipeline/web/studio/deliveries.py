"""Delivery: what the provider promises, what mail is in doubt or held, and a person's word on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.config import load_config
from pipeline.delivery.models import DeliveryState
from pipeline.publish.deliveries import held, in_doubt, settle
from pipeline.publish.provider_table import every, facts, settling
from pipeline.web.studio.pages import actor_of, newsletter_of, page, staff_page, tell

# What a person knows → the state that the deliveries get, and how it is said that it is done.
ANSWERS = {
    "arrived": (DeliveryState.ACCEPTED, "They count as arrived."),
    "leave": (DeliveryState.REJECTED, "They are left; nobody is mailed again."),
    "again": (DeliveryState.PLANNED, "They are sent once more, with the next tick."),
}


@staff_page
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    newsletter, config = newsletter_of(request), load_config()
    if newsletter is None:
        return page(request, "no_newsletter.html", "deliveries")
    known = {one.name: {"traits": one, "facts": facts(one), "settling": settling(one)} for one in every()}
    return page(
        request,
        "deliveries.html",
        "deliveries",
        newsletter=newsletter,
        doubtful=in_doubt(config=config, now=utc_now(), newsletter=newsletter),
        held=held(newsletter),
        current=known.get(config.provider),
        known=known.values(),
        sends_again=config.in_doubt == "send_again",
    )


@staff_page
@require_POST
def settle_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    state, said = ANSWERS.get(request.POST.get("answer", ""), (None, ""))
    if state is not None:
        actor = actor_of(request)
        tell(request, lambda: settle(state=state, actor=actor, now=utc_now(), batch_id=batch_id), said)
    return redirect("studio:deliveries")
