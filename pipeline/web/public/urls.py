"""The readers' routes. Their first parts are reserved: no newsletter can take one as its slug."""

from django.urls import path

from pipeline.web.public import clicks, links, private_feeds, robots, search, site, subscribe

app_name = "public"
urlpatterns = [
    path("", site.home, name="home"),
    path("robots.txt", robots.robots, name="robots"),
    path("subscribe/<slug:slug>/", subscribe.subscribe, name="subscribe"),
    path("subscribe/<slug:slug>/frame/", subscribe.frame, name="frame"),
    path("subscribe/<slug:slug>/embed/", subscribe.embed, name="embed"),
    path("confirm/<str:token>/", links.confirm, name="confirm"),
    path("unsubscribe/<str:token>/", links.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<str:token>/undo/", links.undo, name="undo"),
    path("preferences/<str:token>/", links.preferences, name="preferences"),
    path("preferences/<str:token>/feed/", private_feeds.make, name="private-feed"),
    path("preferences/<str:token>/feed/new/", private_feeds.renew, name="private-feed-new"),
    path("private/<str:token>/<str:name>", private_feeds.feed, name="private"),
    path("click/<str:token>/", clicks.follow, name="click"),
    path("search/<slug:slug>/", search.results, name="search"),
    path("<slug:slug>/", site.published, name="site"),
    path("<slug:slug>/<path:path>", site.published, name="file"),
]
