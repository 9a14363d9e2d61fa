"""Whether a database is one that the migrations of this version have made."""

from django.db.migrations.loader import MigrationLoader


class MadeByAnotherVersion(Exception):
    """The tables are not those that the migrations recorded as applied make today."""

    message = (
        "This database was made by an earlier version of Countermand, which this one cannot use:"
        " delete it, or drop and create it, and migrate anew."
    )


def check_schema(loader: MigrationLoader) -> None:
    """Hold the columns of every table against what its applied migrations make today.

    Until the first release the initial migrations are rewritten, not added to, and Django takes
    a database that was made before for one that is up to date.

    Args:
        loader: Of the migrations on disk, with those that the database says were applied.

    Raises:
        MadeByAnotherVersion: A table or a column is missing, or a column is one too many.
    """
    applied = [node for node in loader.graph.nodes if node in loader.applied_migrations]
    models = loader.project_state(applied).apps.get_models(include_auto_created=True)
    wanted = {
        model._meta.db_table: {field.column for field in model._meta.local_concrete_fields}
        for model in models
    }
    connection = loader.connection
    assert connection is not None
    with connection.cursor() as cursor:
        if not wanted.keys() <= set(connection.introspection.table_names(cursor)):
            raise MadeByAnotherVersion
        for table, columns in wanted.items():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
            if {column[0] for column in cursor.description} != columns:
                raise MadeByAnotherVersion
