"""Whatever people read about erasing a customer goes through gettext."""

import pytest

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_erasing(reads, canceled):
    guest = "/accounts/A-1001/"

    assert reads("/personal-data/", "Fields that hold personal data") == []
    assert reads(f"{guest}erase/", "What becomes “erased”") == []
    left = reads(f"{guest}erase/", "texts were erased", posted={})
    assert {text.strip(" ·") for text in left} == {"erased"}
    assert reads(f"{guest}erase/", "There is nothing left to erase.") == []
