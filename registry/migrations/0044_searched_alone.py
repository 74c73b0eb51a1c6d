from django.db import migrations, models

# How a version stands is kept beside its words by the database itself, whatever changes it: a list
# that is ordered by a rank then reads nothing else of all that was found.
BEGUN = """
CREATE FUNCTION registry_searchentry_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM registry_searchentry WHERE version_id = NEW.version_id) THEN
        -- Whoever publishes it at this moment is waited for, or waits and finds the new row.
        PERFORM FROM registry_adapterversion WHERE id = NEW.version_id FOR SHARE;
    END IF;
    SELECT serial, CASE WHEN state = 'published' THEN ranked_at END
        INTO NEW.serial, NEW.ranked_at
        FROM registry_adapterversion WHERE id = NEW.version_id;
    RETURN NEW;
END $$;
CREATE TRIGGER registry_searchentry_begun BEFORE INSERT ON registry_searchentry
    FOR EACH ROW EXECUTE FUNCTION registry_searchentry_begun();
"""
FOLLOWED = """
CREATE FUNCTION registry_searchentry_followed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE registry_searchentry
        SET ranked_at = CASE WHEN NEW.state = 'published' THEN NEW.ranked_at END
        WHERE version_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER registry_searchentry_followed AFTER UPDATE ON registry_adapterversion
    FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.ranked_at IS DISTINCT FROM NEW.ranked_at)
    EXECUTE FUNCTION registry_searchentry_followed();
"""
FILLED = """
UPDATE registry_searchentry e
    SET serial = v.serial, ranked_at = CASE WHEN v.state = 'published' THEN v.ranked_at END
    FROM registry_adapterversion v WHERE v.id = e.version_id
"""


def dropped(name, table):
    return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0043_files_by_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='searchentry',
            name='serial',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='searchentry',
            name='ranked_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(BEGUN, dropped('registry_searchentry_begun', 'registry_searchentry')),
        migrations.RunSQL(FOLLOWED, dropped('registry_searchentry_followed', 'registry_adapterversion')),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
