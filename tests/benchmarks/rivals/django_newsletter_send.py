"""Sends a message to so many subscribers with django-newsletter, and prints {seconds, cpu_seconds} as JSON:

    python django_newsletter_send.py PORT COUNT FILE

Run by the interpreter of an environment of its own that has django-newsletter, sorl-thumbnail and Django 5.2. FILE
holds {subject, html, text}. A submission goes out as its command `submit_newsletter` sends it.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

PORT, COUNT, FILE = sys.argv[1:]


def main() -> None:
    import django
    from django.conf import settings

    folder = Path(tempfile.mkdtemp())
    mail = json.loads(Path(FILE).read_text())
    for name, text in (("subject.txt", "{{ message.title }}"), ("txt", mail["text"]), ("html", mail["html"])):
        path = folder / "newsletter" / "message" / (f"message_{name}" if name == "subject.txt" else f"message.{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("GREETING", "Hello {{ subscription.name }},"))
    settings.configure(
        SECRET_KEY="x" * 50, USE_TZ=True, SITE_ID=1, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        NEWSLETTER_THUMBNAIL="sorl-thumbnail", NEWSLETTER_USE_HTTPS=True, EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(PORT),
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}},
        ROOT_URLCONF="newsletter.urls",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [str(folder)],
                    "APP_DIRS": True}],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites",
                        "sorl.thumbnail", "newsletter"],
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(_timed(mail)))


def _timed(mail) -> dict[str, float]:
    from django.contrib.sites.models import Site
    from django.utils import timezone
    from newsletter.models import Message, Newsletter, Submission, Subscription

    letter = Newsletter.objects.create(title="The Skin Letter", slug="skin", email="a@n.example", sender="Skin")
    letter.site.set(Site.objects.all())
    Subscription.objects.bulk_create(
        Subscription(
            newsletter=letter, name_field=f"Reader {number}", email_field=f"reader{number}@example.org",
            subscribed=True, activation_code=str(number),
        )
        for number in range(int(COUNT))
    )  # fmt: skip
    message = Message.objects.create(newsletter=letter, title=mail["subject"], slug="one")
    submission = Submission.objects.create(
        newsletter=letter, message=message, prepared=True, publish_date=timezone.now()
    )
    submission.subscriptions.set(Subscription.objects.all())
    started, cpu = time.perf_counter(), time.process_time()
    submission.submit()
    return {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu}


main()
