from django.db import migrations, models

# Integers of four bytes, since that is what Civitai's clients keep ids in.
SEQUENCES = ("registry_adapter_serial", "registry_version_serial")


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0012_channels'),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE SEQUENCE {name} AS integer", f"DROP SEQUENCE {name}"
            )
            for name in SEQUENCES
        ),
        migrations.AddField(
            model_name='adapter',
            name='serial',
            field=models.PositiveIntegerField(db_default=models.Func(models.Value('registry_adapter_serial'), function='nextval'), editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='adapterversion',
            name='serial',
            field=models.PositiveIntegerField(db_default=models.Func(models.Value('registry_version_serial'), function='nextval'), editable=False, unique=True),
        ),
    ]
