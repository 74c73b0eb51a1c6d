import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def say_who_made_them(apps, schema_editor):
    """Robots' tokens were shown to whoever made them: the log says who that was."""
    Event = apps.get_model("registry", "Event")
    Token = apps.get_model("registry", "Token")
    made = Event.objects.filter(verb="team.robot-made", by__isnull=False)
    for robot, by in made.values_list("detail__robot", "by"):
        Token.objects.filter(user__username=robot, user__robot_of__isnull=False).update(shown_to=by)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0040_bad_in_part"),
    ]

    operations = [
        migrations.AddField(
            model_name="token",
            name="shown_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(say_who_made_them, migrations.RunPython.noop),
    ]
