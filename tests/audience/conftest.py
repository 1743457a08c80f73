import pytest

from pipeline.audience.models import MailingList
from tests.audience.people import NOW


@pytest.fixture
def letter(db):
    return MailingList.objects.create(name="The Skin Letter", slug="skin-letter", created_at=NOW)


@pytest.fixture
def other_letter(db):
    return MailingList.objects.create(name="Sun and Skin", slug="sun-and-skin", created_at=NOW)
