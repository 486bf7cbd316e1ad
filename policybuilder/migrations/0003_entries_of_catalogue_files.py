"""The tables keep the entries of catalogue files. They are empty after this: load the catalogue with load_catalog."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policybuilder", "0002_service_complete")]

    operations = [
        migrations.DeleteModel("OptionRecord"),
        migrations.DeleteModel("OperationRecord"),
        migrations.DeleteModel("PageRecord"),
        migrations.DeleteModel("ActionRecord"),
        migrations.DeleteModel("ApiCallRecord"),
        migrations.DeleteModel("CategoryRecord"),
        migrations.DeleteModel("ServiceRecord"),
        migrations.DeleteModel("SourceRecord"),
        migrations.CreateModel(
            name="CategoryRecord",
            fields=[
                (
                    "id",
                    models.CharField(help_text="service/category", max_length=700, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=300)),
                ("position", models.PositiveIntegerField()),
                ("entry", models.TextField(help_text="JSON")),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["service__position", "service", "position"],
            },
        ),
        migrations.CreateModel(
            name="ServiceRecord",
            fields=[
                ("slug", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=300)),
                ("level", models.CharField(choices=[("XA", "XA"), ("AX", "AX")], max_length=2)),
                ("position", models.IntegerField()),
                ("entry", models.TextField(help_text="JSON")),
            ],
            options={
                "verbose_name": "service",
                "ordering": ["position", "slug"],
            },
        ),
        migrations.CreateModel(
            name="OperationRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "operation",
                    models.CharField(
                        help_text="Its slug, or the whole id of another service's operation.", max_length=300
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("access", models.CharField(choices=[("read", "read"), ("write", "write")], max_length=5)),
                ("position", models.PositiveIntegerField()),
                ("entry", models.TextField(help_text="JSON")),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="operations",
                        to="policybuilder.categoryrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "operation",
                "ordering": ["category__service__position", "category__service", "category__position", "position"],
            },
        ),
        migrations.AddField(
            model_name="categoryrecord",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="categories", to="policybuilder.servicerecord"
            ),
        ),
        migrations.CreateModel(
            name="ActionRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveIntegerField()),
                ("entry", models.TextField(help_text="JSON")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="policybuilder.servicerecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "ordering": ["name", "service"],
            },
        ),
    ]
