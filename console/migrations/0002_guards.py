from pathlib import Path

from django.db import migrations

from orders.guards import Guards

GUARDS = Guards(Path(__file__).with_name("guards.sql"))


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cancellations", "0002_guards"),
        ("console", "0001_initial"),
    ]

    operations = [migrations.RunPython(GUARDS.create, GUARDS.drop)]
