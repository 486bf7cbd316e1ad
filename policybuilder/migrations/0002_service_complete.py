from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policybuilder", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="servicerecord",
            name="complete",
            field=models.BooleanField(
                default=False, help_text="Whether every action published for it is in the catalogue."
            ),
        ),
    ]
