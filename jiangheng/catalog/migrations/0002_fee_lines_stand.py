"""A line of a fee table stands: only its end may be set, once."""

from typing import Any

from django.db import migrations

FIXED = ("document", "occupation_code", "level", "item", "payee", "amount_fen", "valid_from", "label")


def install(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION fee_line_stands() RETURNS trigger AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' OR OLD.valid_to IS NOT NULL OR {changed} THEN "
            "RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END IF; RETURN NEW; END; $$ LANGUAGE plpgsql",
            params=None,
        )
        schema_editor.execute(
            "CREATE TRIGGER catalog_feeline_stands BEFORE UPDATE OR DELETE ON catalog_feeline "
            "FOR EACH ROW EXECUTE FUNCTION fee_line_stands()"
        )
        return
    abort = "BEGIN SELECT RAISE(ABORT, 'append-only: catalog_feeline'); END"
    schema_editor.execute(f"CREATE TRIGGER catalog_feeline_no_delete BEFORE DELETE ON catalog_feeline {abort}")
    schema_editor.execute(
        f"CREATE TRIGGER catalog_feeline_no_update BEFORE UPDATE OF {', '.join(FIXED)} ON catalog_feeline {abort}"
    )
    schema_editor.execute(
        "CREATE TRIGGER catalog_feeline_end_once BEFORE UPDATE OF valid_to ON catalog_feeline "
        f"WHEN OLD.valid_to IS NOT NULL {abort}"
    )


def remove(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER catalog_feeline_stands ON catalog_feeline")
        return
    for name in ("no_delete", "no_update", "end_once"):
        schema_editor.execute(f"DROP TRIGGER catalog_feeline_{name}")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
