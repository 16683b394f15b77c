"""Ranks of the references that customers already have."""

from django.db import migrations

SQLITE = """
    UPDATE directory_customer SET reference_rank = CAST(substr(reference, 3) AS INTEGER)
    WHERE reference GLOB 'C-[0-9]*' AND substr(reference, 3) NOT GLOB '*[^0-9]*'
"""
POSTGRESQL = """
    UPDATE directory_customer SET reference_rank = CAST(substr(reference, 3) AS bigint)
    WHERE reference ~ '^C-[0-9]{1,18}$'
"""


def fill(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if sqlite else POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_rank_of_references")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
