from pathlib import Path

from django.db import migrations

from orders.guards import Guards

GUARDS = Guards(Path(__file__).with_name("guards.sql"))


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards"), ("cancellations", "0001_initial")]

    operations = [migrations.RunPython(GUARDS.create, GUARDS.drop)]
