"""The studio's routes."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from pipeline.web.studio import (
    calendar,
    deliveries,
    issue_changes,
    issues,
    overview,
    pictures,
    published,
    queue,
    rewrites,
    schedule,
    settled,
    tips,
)
from pipeline.web.studio.login import StudioLogin

app_name = "studio"
urlpatterns = [
    path("login/", StudioLogin.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="studio:login"), name="logout"),
    path("", overview.overview, name="overview"),
    path("tips/", tips.tip_list, name="tips"),
    path("tips/new/", tips.write, name="tip-new"),
    path("tips/check/", tips.check, name="tip-check"),
    path("tips/picture/", pictures.take, name="picture-take"),
    path("pictures/<str:name>", pictures.kept, name="picture"),
    path("tips/draft-card/", tips.draft_card, name="draft-card"),
    path("tips/<int:tip_id>/", tips.tip, name="tip"),
    path("tips/<int:tip_id>/edit/", tips.edit, name="tip-edit"),
    path("tips/<int:tip_id>/card/", tips.card, name="tip-card"),
    path("tips/<int:tip_id>/approve/", tips.approve, name="tip-approve"),
    path("tips/<int:tip_id>/reject/", tips.reject, name="tip-reject"),
    path("tips/<int:tip_id>/correct/", published.correct, name="tip-correct"),
    path("tips/<int:tip_id>/withdraw/", published.withdraw, name="tip-withdraw"),
    path("tips/<int:tip_id>/rewrite/", rewrites.show, name="tip-rewrite"),
    path("tips/<int:tip_id>/rewrite/ask/", rewrites.ask, name="tip-rewrite-ask"),
    path("tips/<int:tip_id>/rewrite/take/", rewrites.take, name="tip-rewrite-take"),
    path("queue/", queue.queue, name="queue"),
    path("queue/<int:tip_id>/", queue.move, name="queue-move"),
    path("calendar/", calendar.month, name="calendar"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/days-off/", schedule.days_off, name="schedule-off"),
    path("schedule/once/", schedule.one_off, name="schedule-once"),
    path("schedule/pause/", schedule.pause, name="schedule-pause"),
    path("issues/", issues.issue_list, name="issues"),
    path("issues/next/", issues.next_issue, name="next"),
    path("issues/next/mail/", issues.next_mail, name="next-mail"),
    path("issues/<int:number>/", issues.issue, name="issue"),
    path("issues/<int:number>/mail/", issues.mail, name="issue-mail"),
    path("issues/<int:number>/approve/", issues.approve, name="issue-approve"),
    path("issues/<int:number>/change/", issue_changes.change, name="issue-change"),
    path("rules/", settled.rules, name="rules"),
    path("welcome/", settled.welcome, name="welcome"),
    path("welcome/<int:step>/mail/", settled.welcome_mail, name="welcome-mail"),
    path("alerts/", settled.alerts, name="alerts"),
    path("alerts/test/", settled.test_alert, name="alert-test"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:batch_id>/settle/", deliveries.settle_batch, name="deliveries-settle"),
]
