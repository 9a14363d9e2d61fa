from pathlib import Path

from django.db import migrations

from orders.guards import Indexes

SEARCH = Indexes(Path(__file__).with_name("search.sql"))


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards")]

    operations = [migrations.RunPython(SEARCH.create, SEARCH.drop)]
