import datetime

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import leads.campaign_rules

TRIGRAMS = {"leads_candidate": "candidate_search_trigrams", "leads_lead": "lead_search_trigrams"}


def add_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, index in TRIGRAMS.items():
            schema_editor.execute(f"CREATE INDEX {index} ON {table} USING gin (search gin_trgm_ops)")
            # With the hundred samples of the default no planner knows how often two letters come.
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN search SET STATISTICS 1000")


class Migration(migrations.Migration):
    """All up to 0027 in one: what a new database runs. One that has some of them goes on with them, one by one."""

    replaces = [
        ("leads", "0001_initial"),
        ("leads", "0002_organisation_notices"),
        ("leads", "0003_closed_reason_words"),
        ("leads", "0004_names_of_many"),
        ("leads", "0005_last_request_and_claim"),
        ("leads", "0006_lists_of_a_million"),
        ("leads", "0007_kept_views"),
        ("leads", "0008_answers_by_mail"),
        ("leads", "0009_erasure_and_retention"),
        ("leads", "0010_frozen_weeks"),
        ("leads", "0011_duplicates_and_exports"),
        ("leads", "0012_mail_keys"),
        ("leads", "0013_letters_and_calls"),
        ("leads", "0014_checklists"),
        ("leads", "0015_batches"),
        ("leads", "0016_campaigns"),
        ("leads", "0017_assignment"),
        ("leads", "0018_progress_of_leads"),
        ("leads", "0019_keep_progress"),
        ("leads", "0020_counted_by_day"),
        ("leads", "0021_staff_who_acted_stay"),
        ("leads", "0022_region_aimed_at"),
        ("leads", "0023_indexes_once"),
        ("leads", "0024_exports_as_batches"),
        ("leads", "0025_visits_counted"),
        ("leads", "0026_indexes_where_there_is_something"),
        ("leads", "0027_calls_not_allowed"),
    ]

    initial = True

    dependencies = [
        ("chat", "0001_squashed_0007_floods_and_attendance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="CallSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("capacity", models.PositiveSmallIntegerField(default=1, verbose_name="calls at most")),
            ],
            options={
                "verbose_name": "time to be called",
                "verbose_name_plural": "times to be called",
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.SlugField(
                        blank=True,
                        help_text="Left empty, one is drawn.",
                        max_length=20,
                        unique=True,
                        verbose_name="short address",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "medium",
                    models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="For instance: qr, mail, article.",
                        max_length=60,
                        verbose_name="medium",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        default="/",
                        help_text="A page of this site, as /contests/ or /request/.",
                        max_length=200,
                        validators=[leads.campaign_rules.require_local_address],
                        verbose_name="leads to",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PressLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(unique=True, verbose_name="since")),
                ("per_lead", models.PositiveIntegerField(verbose_name="per request")),
                ("per_file", models.PositiveIntegerField(blank=True, null=True, verbose_name="per file")),
                ("per_registered", models.PositiveIntegerField(blank=True, null=True, verbose_name="per registered")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="where it comes from")),
            ],
            options={
                "verbose_name": "press reference",
                "verbose_name_plural": "press references",
                "ordering": ["-since"],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("is_bounce", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "suppressed address",
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stage", "Move to another stage"),
                            ("close", "Close"),
                            ("assign", "Entrust to somebody"),
                            ("team", "Give to a team"),
                            ("deal", "Share out by load"),
                            ("plan", "Plan the next action"),
                            ("spam", "Mark as spam"),
                            ("no_spam", "No spam"),
                            ("import", "Import"),
                            ("export", "Export"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("tried", "Tried, nothing written"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("failed", "Stopped"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("list_name", models.CharField(blank=True, editable=False, max_length=20)),
                ("query", models.TextField(blank=True, editable=False)),
                ("ids", models.BinaryField(default=b"")),
                ("options", models.JSONField(default=dict, editable=False)),
                ("created_at", models.DateTimeField(verbose_name="begun at")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                ("held_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("file", models.CharField(blank=True, editable=False, max_length=100)),
                ("file_name", models.CharField(blank=True, max_length=150, verbose_name="file")),
                ("headings", models.CharField(blank=True, editable=False, max_length=64)),
                ("problem", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import or act on many",
                "verbose_name_plural": "imports and acts on many",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="last name")),
                ("name_key", models.CharField(blank=True, editable=False, max_length=161)),
                ("mail_key", models.CharField(blank=True, default="", editable=False, max_length=254)),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                ("postal_code", models.CharField(blank=True, max_length=10, verbose_name="postal code")),
                ("department", models.CharField(blank=True, max_length=3, verbose_name="département")),
                ("region", models.CharField(blank=True, max_length=3, verbose_name="region")),
                ("is_abroad", models.BooleanField(default=False, verbose_name="abroad")),
                (
                    "diploma_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "no diploma"),
                            ("3", "CAP, BEP, brevet"),
                            ("4_in_progress", "baccalauréat this year"),
                            ("4", "baccalauréat or equivalent"),
                            ("5", "two years after the baccalauréat"),
                            ("6", "licence, three years after the baccalauréat"),
                            ("7", "master, five years after the baccalauréat, or more"),
                        ],
                        max_length=14,
                        verbose_name="diploma",
                    ),
                ),
                (
                    "situation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pupil", "at school"),
                            ("student", "student or apprentice"),
                            ("employed", "employed"),
                            ("public_service", "in the public service"),
                            ("job_seeking", "looking for a job"),
                            ("other", "other"),
                        ],
                        max_length=14,
                        verbose_name="situation",
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("contacted", "Contacted"),
                            ("qualified", "Qualified"),
                            ("applying", "Applying"),
                            ("registered", "Registered"),
                            ("waiting", "Waiting"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("stage_at", models.DateTimeField(verbose_name="in this stage since")),
                ("stage_before", models.CharField(blank=True, editable=False, max_length=10)),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_eligible", "not eligible"),
                            ("not_interested", "not interested"),
                            ("unreachable", "unreachable"),
                            ("registered_elsewhere", "registered elsewhere"),
                            ("withdrawn", "no longer wants to"),
                            ("out_of_scope", "out of scope"),
                            ("duplicate", "duplicate"),
                            ("test", "test"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "next_action",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call", "Call"),
                            ("write", "Write"),
                            ("check_file", "Check the file"),
                            ("meet", "Meet"),
                            ("resume", "Take up again"),
                        ],
                        max_length=10,
                        verbose_name="next action",
                    ),
                ),
                ("next_action_at", models.DateTimeField(blank=True, null=True, verbose_name="next action on")),
                ("next_action_note", models.CharField(blank=True, max_length=120, verbose_name="what for")),
                ("created_at", models.DateTimeField(verbose_name="known since")),
                ("asked_at", models.DateTimeField(verbose_name="last request")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="address verified at")),
                ("reached_at", models.DateTimeField(blank=True, null=True, verbose_name="last reached at")),
                ("last_contact_at", models.DateTimeField(verbose_name="last contact at")),
                ("is_invented", models.BooleanField(default=False, editable=False, verbose_name="invented")),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="held until"),
                ),
                ("noticed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("erased_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased at")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("search", models.TextField(blank=True, editable=False)),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="held by",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="leads.candidate",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="candidates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="followed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "candidate",
            },
        ),
        migrations.CreateModel(
            name="CallBooking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookings",
                        to="leads.callslot",
                        verbose_name="time to be called",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="call_bookings",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
            ],
            options={
                "verbose_name": "chosen time",
            },
        ),
        migrations.CreateModel(
            name="Capacity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("most", models.PositiveSmallIntegerField(verbose_name="open sheets at most")),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="capacity",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recruiter",
                    ),
                ),
            ],
            options={
                "verbose_name": "capacity",
                "verbose_name_plural": "capacities",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("recontact", "write to me when a new contest opens"),
                            ("phone", "call me to help with the file, for a year at most"),
                            ("newsletter", "send me the monthly letter"),
                            ("survey", "ask me what I think of this service, once"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("given", models.BooleanField(verbose_name="given")),
                ("text_version", models.CharField(max_length=20, verbose_name="version of the text")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("form", "request form"),
                            ("follow_page", "follow page"),
                            ("phone", "by phone"),
                            ("unsubscribe", "unsubscribe link"),
                            ("merge", "merge of two sheets"),
                        ],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires at")),
                (
                    "candidate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
            },
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="title in English")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="summary")),
                ("summary_en", models.CharField(blank=True, max_length=300, verbose_name="summary in English")),
                (
                    "posting",
                    models.CharField(
                        choices=[
                            ("national", "anywhere in France"),
                            ("idf", "in Île-de-France"),
                            ("local", "in one département"),
                        ],
                        default="national",
                        max_length=10,
                        verbose_name="first posting",
                    ),
                ),
                (
                    "commitment_years",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="commitment in years"),
                ),
                ("rules", models.JSONField(blank=True, default=list, verbose_name="conditions")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "same_rules_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.contest",
                        verbose_name="same conditions as",
                    ),
                ),
            ],
            options={
                "verbose_name": "contest",
                "verbose_name_plural": "contests",
                "ordering": ["position", "slug"],
            },
        ),
        migrations.CreateModel(
            name="ContestSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("posts", models.PositiveIntegerField(blank=True, null=True, verbose_name="posts")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("announced", "announced"),
                            ("open", "open"),
                            ("closed", "closed"),
                            ("archived", "archived"),
                        ],
                        default="announced",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="registrations open on")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="registrations close on")),
                (
                    "documents_due_on",
                    models.DateField(blank=True, null=True, verbose_name="documents due on, where that is another day"),
                ),
                (
                    "reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="days before it that who lacks something is reminded"
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="leads.contest",
                        verbose_name="contest",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="AskedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=120, verbose_name="document")),
                ("label_en", models.CharField(blank=True, max_length=120, verbose_name="in English")),
                ("is_required", models.BooleanField(default=True, verbose_name="required")),
                ("takes_uploads", models.BooleanField(default=True, verbose_name="may be sent online")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked_documents",
                        to="leads.contestsession",
                        verbose_name="session",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of the file",
                "verbose_name_plural": "documents of the file",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CountDelta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "information"), ("registration_file", "registration file")],
                        max_length=17,
                    ),
                ),
                ("all", models.CharField(blank=True, default="", max_length=1)),
                ("region", models.CharField(max_length=20)),
                ("department", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=20)),
                ("contest", models.CharField(max_length=20)),
                ("session", models.CharField(default="none", max_length=20)),
                ("room", models.CharField(max_length=20)),
                (
                    "age_band",
                    models.CharField(
                        choices=[
                            ("under_18", "under 18"),
                            ("18_24", "18 to 24"),
                            ("25_34", "25 to 34"),
                            ("35_over", "35 and over"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("leads", models.SmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("leads", 0), _negated=True), name="delta_changes_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("all", "all"),
                            ("region", "region"),
                            ("department", "département"),
                            ("source", "source"),
                            ("contest", "contest"),
                            ("session", "session"),
                            ("room", "room"),
                            ("age_band", "age band"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "information"), ("registration_file", "registration file")],
                        max_length=17,
                    ),
                ),
                ("leads", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dimension", "day", "value", "kind"), name="count_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "dimension__in",
                                ["all", "region", "department", "source", "contest", "session", "room", "age_band"],
                            )
                        ),
                        name="count_dimension_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=20)),
                ("query", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
            },
        ),
        migrations.CreateModel(
            name="ExportedBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.PositiveIntegerField()),
                ("bits", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="leads.export"
                    ),
                ),
            ],
            options={
                "verbose_name": "part of an export",
            },
        ),
        migrations.CreateModel(
            name="FollowToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to="leads.candidate"
                    ),
                ),
            ],
            options={
                "verbose_name": "follow link",
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("request", "request"),
                            ("call", "call"),
                            ("message", "message"),
                            ("note", "note"),
                            ("stage", "stage"),
                            ("file", "file"),
                            ("consent", "consent"),
                            ("assignment", "assignment"),
                            ("next_action", "next action"),
                            ("verification", "address verified"),
                            ("correction", "correction"),
                            ("proposal", "proposed correction"),
                            ("spam", "spam"),
                            ("stop", "everything stopped"),
                            ("retention", "time of keeping"),
                            ("merge", "merge"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "Reached"),
                            ("voicemail", "Voicemail"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number"),
                            ("no_more_calls", "Wants no more calls"),
                        ],
                        max_length=13,
                        verbose_name="outcome",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="text")),
                ("data", models.JSONField(blank=True, default=dict, editable=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FrozenWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField()),
                ("version", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("information", models.PositiveIntegerField()),
                ("registration_file", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("newcomers", models.PositiveIntegerField()),
                ("values", models.JSONField(default=dict)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spam", "a request was marked as spam"),
                            ("no_spam", "a request is no longer marked as spam"),
                            ("late", "a request of that week came in afterwards"),
                            ("undone", "an import was undone"),
                            ("recount", "the nightly comparison found another count"),
                            ("merge", "two people turned out to be one"),
                            ("no_merge", "a merge of two people was undone"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["monday", "version"],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(blank=True, max_length=3, verbose_name="region")),
                ("monday", models.DateField(verbose_name="week")),
                ("target", models.PositiveIntegerField(verbose_name="target")),
                (
                    "contest_session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="leads.contestsession",
                        verbose_name="session",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "ordering": ["-monday", "contest_session", "region"],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("information", "information"), ("registration_file", "registration file")],
                        max_length=17,
                        verbose_name="kind",
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=2000, verbose_name="message")),
                ("message_digest", models.CharField(editable=False, max_length=64)),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="last name")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                ("postal_code", models.CharField(blank=True, max_length=10, verbose_name="postal code")),
                ("diploma_level", models.CharField(blank=True, max_length=14, verbose_name="diploma")),
                ("situation", models.CharField(blank=True, max_length=14, verbose_name="situation")),
                ("heard_from", models.CharField(blank=True, max_length=120, verbose_name="how they heard of us")),
                ("consents", models.JSONField(blank=True, default=list, verbose_name="consents")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                ("medium", models.CharField(blank=True, max_length=60, verbose_name="medium")),
                ("campaign", models.CharField(blank=True, max_length=60, verbose_name="campaign")),
                ("referrer_host", models.CharField(blank=True, max_length=120, verbose_name="referrer")),
                ("touches", models.JSONField(blank=True, default=dict, verbose_name="first and last touch")),
                ("topic", models.SlugField(blank=True, db_index=False, verbose_name="topic")),
                (
                    "answer_agreed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="wants an answer by mail since"),
                ),
                ("department", models.CharField(blank=True, max_length=3, verbose_name="département")),
                ("region", models.CharField(blank=True, max_length=3, verbose_name="region")),
                ("is_abroad", models.BooleanField(default=False, verbose_name="abroad")),
                (
                    "age_band",
                    models.CharField(
                        choices=[
                            ("under_18", "under 18"),
                            ("18_24", "18 to 24"),
                            ("25_34", "25 to 34"),
                            ("35_over", "35 and over"),
                            ("unknown", "unknown"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="age band",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="received at")),
                ("day", models.DateField(editable=False, verbose_name="day")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="verified at")),
                ("answered_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("file_step", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("is_spam", models.BooleanField(default=False, verbose_name="spam")),
                ("is_invented", models.BooleanField(default=False, editable=False, verbose_name="invented")),
                ("search", models.TextField(blank=True, editable=False)),
                (
                    "candidate",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="leads",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
                (
                    "contest_session",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="leads.contestsession",
                        verbose_name="session",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="chat.room",
                        verbose_name="room",
                    ),
                ),
            ],
            options={
                "verbose_name": "lead",
                "permissions": [
                    ("view_weekly_report", "Can view the weekly report"),
                    ("view_rooms_report", "Can view the rooms report"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("new", "New"),
                            ("updated", "Update"),
                            ("duplicate", "Duplicate"),
                            ("skipped", "Left out"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_way", "There is no way from this stage to that one."),
                            ("there", "It is in this stage already."),
                            ("no_reason", "Say why it is closed."),
                            ("no_day", "Say until which day to wait."),
                            ("attempts", "Unreachable needs three attempts on two days."),
                            ("is_closed", "Nothing is to do for a closed sheet: open it again first."),
                            (
                                "waits",
                                "Who waits is taken up again on a day; who does not is called, written to or met.",
                            ),
                            ("no_calls", "They may not be called: reached already, and no consent to calls."),
                            ("no_member", "They are no member of this team."),
                            ("theirs", "They follow this sheet up already."),
                            ("in_team", "It is with this team already."),
                            ("followed", "Somebody who is there follows this sheet up."),
                            ("nobody_free", "Nobody of the team has room: it stays in the team’s queue."),
                            ("marked", "It is marked so already."),
                            ("held", "A colleague is calling them at this moment."),
                            ("changed", "Somebody has changed it since the trial run."),
                            ("changed_after", "Somebody has changed it since; it stays as it is."),
                            ("gone", "It is no longer among those you follow up."),
                            ("no_address", "Neither e-mail nor phone."),
                            ("bad_email", "This is no e-mail address."),
                            ("bad_phone", "This is no phone number."),
                            ("bad_code", "“%(value)s” is no French postal code: it has five digits."),
                            ("bad_date", "“%(value)s” is no day: write it as 24/11/2026."),
                            ("bad_birth", "The year of birth cannot be right."),
                            ("bad_kind", "“%(value)s” is neither “information” nor “file”."),
                            ("bad_choice", "“%(value)s” is none of the choices of its column."),
                            ("no_session", "For which contest? A file needs one that is known here."),
                            ("in_future", "The day of the request is still to come."),
                            ("too_young", "Under 15: nothing is kept."),
                            ("erased", "This person asked to be erased; nothing is kept of them."),
                            ("too_long", "The column “%(column)s” is too long."),
                            ("too_wide", "More cells than there are columns."),
                            ("same_line", "The same request as line %(line)s."),
                            ("asked_before", "Asked the same thing on %(day)s already."),
                            ("filled", "Known already: a new request, and what was missing is filled in."),
                            ("known", "Known already: a new request."),
                        ],
                        max_length=14,
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting"),
                            ("done", "Done"),
                            ("skipped", "Left out"),
                            ("undone", "Undone"),
                            ("kept", "Not undone"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="leads.batch",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="leads.candidate",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a batch",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120, verbose_name="subject")),
                ("subject_en", models.CharField(blank=True, max_length=120, verbose_name="subject in English")),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                ("body_en", models.TextField(blank=True, max_length=4000, verbose_name="text in English")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                ("title", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recontact", "write to me when a new contest opens"),
                            ("phone", "call me to help with the file, for a year at most"),
                            ("newsletter", "send me the monthly letter"),
                            ("survey", "ask me what I think of this service, once"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("offers_call", models.BooleanField(default=False, verbose_name="offers a time to be called")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "letter",
                "ordering": ["position", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["", "recontact", "phone", "newsletter", "survey"])),
                        name="letter_purpose_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120, verbose_name="subject")),
                ("subject_en", models.CharField(blank=True, max_length=120, verbose_name="subject in English")),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                ("body_en", models.TextField(blank=True, max_length=4000, verbose_name="text in English")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="leads.letter",
                        verbose_name="letter",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a letter",
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="MailEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("bounce", "came back"), ("delay", "delayed"), ("complaint", "marked as unwanted")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
                ("status", models.CharField(blank=True, max_length=20, verbose_name="status")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "mail event",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["bounce", "delay", "complaint"])),
                        name="mail_event_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.candidate"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="leads.candidate"
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("intent", models.CharField(max_length=120, unique=True)),
                ("recipient", models.CharField(max_length=254, verbose_name="recipient")),
                ("template", models.CharField(max_length=40, verbose_name="template")),
                ("template_version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                ("context", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(verbose_name="written at")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="last error")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="given up at")),
                ("suppressed_at", models.DateTimeField(blank=True, null=True, verbose_name="suppressed at")),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="came back at")),
                (
                    "candidate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("tagline", models.CharField(blank=True, max_length=120, verbose_name="tagline")),
                ("tagline_en", models.CharField(blank=True, max_length=120, verbose_name="tagline in English")),
                ("logo", models.FileField(blank=True, upload_to="organisation/", verbose_name="logo")),
                (
                    "accent",
                    models.CharField(
                        default="#05597a",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "A colour is written like #05597a.")
                        ],
                        verbose_name="accent",
                    ),
                ),
                (
                    "accent_night",
                    models.CharField(
                        default="#84cdea",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "A colour is written like #05597a.")
                        ],
                        verbose_name="accent on dark",
                    ),
                ),
                (
                    "signal",
                    models.CharField(
                        default="#ffc440",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "A colour is written like #05597a.")
                        ],
                        verbose_name="signal",
                    ),
                ),
                (
                    "tint",
                    models.CharField(
                        default="#9a7b45",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "A colour is written like #05597a.")
                        ],
                        verbose_name="tint",
                    ),
                ),
                (
                    "reference_prefix",
                    models.CharField(
                        default="RC",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z]{2,4}$", "Two to four capital letters.")
                        ],
                        verbose_name="prefix of references",
                    ),
                ),
                ("service", models.CharField(blank=True, max_length=120, verbose_name="service in charge")),
                (
                    "service_en",
                    models.CharField(blank=True, max_length=120, verbose_name="service in charge, in English"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="hours")),
                ("publisher", models.CharField(blank=True, max_length=120, verbose_name="director of the publication")),
                ("host", models.CharField(blank=True, max_length=200, verbose_name="host of the site")),
                (
                    "dpo_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail of the data protection officer"),
                ),
                ("hours_en", models.CharField(blank=True, max_length=120, verbose_name="hours in English")),
                ("hero_title", models.CharField(blank=True, max_length=80, verbose_name="first line of the home page")),
                (
                    "hero_title_en",
                    models.CharField(blank=True, max_length=80, verbose_name="first line of the home page, in English"),
                ),
                (
                    "hero_title_em",
                    models.CharField(blank=True, max_length=80, verbose_name="second line of the home page"),
                ),
                (
                    "hero_title_em_en",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="second line of the home page, in English"
                    ),
                ),
                ("hero_text", models.CharField(blank=True, max_length=300, verbose_name="text of the home page")),
                (
                    "hero_text_en",
                    models.CharField(blank=True, max_length=300, verbose_name="text of the home page, in English"),
                ),
                ("aim_region", models.CharField(blank=True, max_length=3, verbose_name="region aimed at")),
                (
                    "months_with_consent",
                    models.PositiveSmallIntegerField(default=24, verbose_name="months kept with consent"),
                ),
                (
                    "months_without_consent",
                    models.PositiveSmallIntegerField(default=12, verbose_name="months kept without consent"),
                ),
                (
                    "months_registered",
                    models.PositiveSmallIntegerField(default=72, verbose_name="months kept once registered"),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(20, 0), verbose_name="no mail of ours from")),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0), verbose_name="no mail of ours until")),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="days of notice before erasure"),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisation",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="organisation_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("reference_prefix__regex", "^[A-Z]{2,4}$")),
                        name="organisation_prefix_is_letters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=16, unique=True, verbose_name="reference")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("request_id", models.CharField(editable=False, max_length=64)),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="leads.lead",
                        verbose_name="lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
            },
        ),
        migrations.CreateModel(
            name="RegistrationFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("sent", "Sent"),
                            ("downloaded", "Downloaded"),
                            ("returned", "Returned"),
                            ("incomplete", "Incomplete"),
                            ("complete", "Complete"),
                            ("registered", "Registered"),
                            ("closed", "Closed"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("status_at", models.DateTimeField(verbose_name="in this status since")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("downloaded_at", models.DateTimeField(blank=True, null=True, verbose_name="downloaded at")),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="returned at")),
                ("registered_at", models.DateTimeField(blank=True, null=True, verbose_name="registered at")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "candidate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="leads.candidate",
                        verbose_name="candidate",
                    ),
                ),
                (
                    "contest_session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="leads.contestsession",
                        verbose_name="session",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration file",
                "verbose_name_plural": "registration files",
            },
        ),
        migrations.CreateModel(
            name="FileDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("received", "Received"), ("accepted", "Accepted"), ("refused", "To be sent again")],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("upload", models.CharField(blank=True, editable=False, max_length=80)),
                ("size", models.PositiveIntegerField(default=0, editable=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.askeddocument",
                        verbose_name="document",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="leads.registrationfile",
                        verbose_name="registration file",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="key")),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                ("label_en", models.CharField(blank=True, max_length=80, verbose_name="label in English")),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["label"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="source_has_a_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("utm_source", models.CharField(blank=True, max_length=60, verbose_name="source in the link")),
                ("utm_medium", models.CharField(blank=True, max_length=60, verbose_name="medium in the link")),
                ("utm_campaign", models.CharField(blank=True, max_length=60, verbose_name="campaign in the link")),
                (
                    "medium",
                    models.SlugField(blank=True, db_index=False, max_length=60, verbose_name="counts as medium"),
                ),
                (
                    "campaign",
                    models.SlugField(blank=True, db_index=False, max_length=60, verbose_name="counts as campaign"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.source",
                        verbose_name="counts as source",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of links",
                "verbose_name_plural": "mappings of links",
                "ordering": ["utm_source", "utm_medium", "utm_campaign"],
            },
        ),
        migrations.AddField(
            model_name="lead",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="leads.source",
                verbose_name="source",
            ),
        ),
        migrations.CreateModel(
            name="HeardMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.CharField(
                        help_text="Found in the answer as whole words, whatever their accents and capitals.",
                        max_length=120,
                        unique=True,
                        verbose_name="words",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leads.source",
                        verbose_name="counts as source",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of answers",
                "verbose_name_plural": "mappings of answers",
                "ordering": ["text"],
            },
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=120, verbose_name="for what")),
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                ("cents", models.PositiveBigIntegerField(verbose_name="amount")),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="costs",
                        to="leads.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="leads.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost",
                "ordering": ["-first_on", "source"],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="leads.source",
                verbose_name="source",
            ),
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("is_default", models.BooleanField(default=False, editable=False, verbose_name="default")),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="teams", to=settings.AUTH_USER_MODEL, verbose_name="members"
                    ),
                ),
            ],
            options={
                "verbose_name": "team",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="lead",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="leads.team", verbose_name="team"
            ),
        ),
        migrations.CreateModel(
            name="KeptView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_views",
                        to="leads.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept view",
            },
        ),
        migrations.CreateModel(
            name="DuplicateGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "same phone"),
                            ("person", "same name, same birth date"),
                            ("mail", "same address, spelt otherwise"),
                        ],
                        max_length=6,
                        verbose_name="what they share",
                    ),
                ),
                ("key", models.CharField(max_length=300)),
                ("size", models.PositiveIntegerField(verbose_name="people")),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
                ("ignored_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(verbose_name="since")),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "duplicate",
            },
        ),
        migrations.AddField(
            model_name="candidate",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="candidates",
                to="leads.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="callslot",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="call_slots",
                to="leads.team",
                verbose_name="team",
            ),
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("department", models.CharField(max_length=3, unique=True, verbose_name="département")),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="territories",
                        to="leads.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "département of a team",
                "ordering": ["department"],
            },
        ),
        migrations.CreateModel(
            name="ToldApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.candidate"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.candidate"
                    ),
                ),
            ],
            options={
                "verbose_name": "two people",
            },
        ),
        migrations.CreateModel(
            name="VisitCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=20)),
                ("visits", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "hour", "source"), name="visit_count_once"),
                    models.CheckConstraint(condition=models.Q(("hour__lt", 24)), name="visit_hour_is_of_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="first day")),
                ("until", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recruiter",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "ordering": ["-since", "-pk"],
                "indexes": [models.Index(fields=["member", "since"], name="absence_by_member")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="absence_ends_after",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["-created_at"], name="batch_newest"),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                condition=models.Q(("state__in", ["running", "undoing"])), fields=["state"], name="batch_going"
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(
                condition=models.Q(("headings", ""), _negated=True),
                fields=["headings", "-id"],
                name="batch_by_headings",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["stage", "close", "assign", "team", "deal", "plan", "spam", "no_spam", "import", "export"],
                    )
                ),
                name="batch_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "tried", "running", "done", "undoing", "undone", "failed"])),
                name="batch_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "tried"]), ("started_at__isnull", False), _connector="OR"),
                name="batch_runs_once_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="callbooking",
            constraint=models.UniqueConstraint(fields=("slot", "candidate"), name="call_booking_once"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["candidate", "purpose", "-at"], name="consent_by_candidate"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["recontact", "phone", "newsletter", "survey"])),
                name="consent_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["form", "follow_page", "phone", "unsubscribe", "merge"])),
                name="consent_method_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given", True), ("purpose", "phone"), _negated=True),
                    ("expires_at__isnull", False),
                    _connector="OR",
                ),
                name="consent_to_calls_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting__in", ["national", "idf", "local"])), name="contest_posting_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="contestsession",
            constraint=models.UniqueConstraint(fields=("contest", "year"), name="session_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="contestsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["announced", "open", "closed", "archived"])),
                name="session_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contestsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_on__isnull", True),
                    ("closes_on__isnull", True),
                    ("closes_on__gte", models.F("opens_on")),
                    _connector="OR",
                ),
                name="session_closes_after_it_opens",
                violation_error_message="Registrations must close after they open.",
            ),
        ),
        migrations.AddConstraint(
            model_name="askeddocument",
            constraint=models.UniqueConstraint(fields=("session", "label"), name="asked_document_once_a_session"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="export_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="exportedblock",
            index=models.Index(fields=["block"], name="exported_by_block"),
        ),
        migrations.AddConstraint(
            model_name="exportedblock",
            constraint=models.UniqueConstraint(fields=("export", "block"), name="exported_block_once"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["candidate", "-at"], name="follow_up_by_candidate"),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["kind", "-at"], name="follow_up_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "request",
                            "call",
                            "message",
                            "note",
                            "stage",
                            "file",
                            "consent",
                            "assignment",
                            "next_action",
                            "verification",
                            "correction",
                            "proposal",
                            "spam",
                            "stop",
                            "retention",
                            "merge",
                        ],
                    )
                ),
                name="follow_up_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "reached", "voicemail", "no_answer", "wrong_number", "no_more_calls"])
                ),
                name="follow_up_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "call"), models.Q(("outcome", ""), _negated=True)),
                    models.Q(models.Q(("kind", "call"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="follow_up_calls_have_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="frozenweek",
            constraint=models.UniqueConstraint(fields=("monday", "version"), name="frozen_week_once_a_version"),
        ),
        migrations.AddConstraint(
            model_name="frozenweek",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("version", 1)),
                    models.Q(
                        ("reason__in", ["spam", "no_spam", "late", "undone", "recount", "merge", "no_merge"]),
                        ("version__gt", 1),
                    ),
                    _connector="OR",
                ),
                name="frozen_week_changes_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                fields=("contest_session", "region", "monday"),
                name="goal_once_a_week",
                violation_error_message="There is a goal for this session, region and week: change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(("monday__iso_week_day", 1)), name="goal_week_begins_on_monday"
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(condition=models.Q(("target__gt", 0)), name="goal_wants_something"),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(fields=["batch", "outcome", "verdict", "number"], name="batch_rows_left"),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(
                condition=models.Q(("candidate__isnull", False)), fields=["candidate"], name="batch_row_by_candidate"
            ),
        ),
        migrations.AddIndex(
            model_name="batchrow",
            index=models.Index(condition=models.Q(("lead__isnull", False)), fields=["lead"], name="batch_row_by_lead"),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="batch_row_once"),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["todo", "new", "updated", "duplicate", "skipped", "refused"])),
                name="batch_row_verdict_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "done", "skipped", "undone", "kept"])),
                name="batch_row_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "done"), _negated=True),
                    ("verdict__in", ("todo", "new", "updated")),
                    _connector="OR",
                ),
                name="batch_row_done_was_to_do",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterversion",
            constraint=models.UniqueConstraint(fields=("letter", "version"), name="letter_version_once"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("gone",), name="merge_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("gone")), _negated=True), name="merge_of_two"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("failed_at__isnull", True), ("sent_at__isnull", True), ("suppressed_at__isnull", True)
                ),
                fields=["due_at"],
                name="message_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["recipient", "created_at"], name="message_by_recipient"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("request_id", "digest"), name="receipt_once_per_form_and_values"
            ),
        ),
        migrations.AddIndex(
            model_name="registrationfile",
            index=models.Index(fields=["status", "-requested_at"], name="file_by_status"),
        ),
        migrations.AddConstraint(
            model_name="registrationfile",
            constraint=models.UniqueConstraint(fields=("candidate", "contest_session"), name="file_once_a_session"),
        ),
        migrations.AddConstraint(
            model_name="registrationfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "requested",
                            "sent",
                            "downloaded",
                            "returned",
                            "incomplete",
                            "complete",
                            "registered",
                            "closed",
                        ],
                    )
                ),
                name="file_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filedocument",
            constraint=models.UniqueConstraint(fields=("file", "asked"), name="file_document_once"),
        ),
        migrations.AddConstraint(
            model_name="filedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["received", "accepted", "refused"])),
                name="file_document_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="filedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="file_document_refused_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkmapping",
            constraint=models.UniqueConstraint(
                fields=("utm_source", "utm_medium", "utm_campaign"),
                name="link_mapping_once",
                violation_error_message="These words are mapped already: change that line.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkmapping",
            constraint=models.CheckConstraint(
                condition=models.Q(("utm_campaign", ""), ("utm_medium", ""), ("utm_source", ""), _negated=True),
                name="link_mapping_names_something",
                violation_error_message="Say at least one word of the link.",
            ),
        ),
        migrations.AddConstraint(
            model_name="heardmapping",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="heard_mapping_has_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="cost",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="cost_ends_after_it_begins",
                violation_error_message="The last day is before the first: change one of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True), name="campaign_has_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("target__startswith", "/")), name="campaign_stays_on_the_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("is_default",), name="team_one_default"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["day", "kind"], name="lead_by_day"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("is_spam", False)),
                fields=[
                    "day",
                    "at",
                    "kind",
                    "candidate",
                    "answered_at",
                    "file_step",
                    "source",
                    "region",
                    "contest_session",
                ],
                name="lead_counted_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("is_spam", False)), fields=["candidate", "day"], name="lead_counted_by_candidate"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["-at", "-id"], name="lead_newest"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["candidate", "kind", "-at"], name="lead_by_candidate"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["email"], name="lead_by_email"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("campaign", ""), _negated=True), fields=["campaign"], name="lead_by_campaign"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("contest_session__isnull", False)),
                fields=["contest_session"],
                name="lead_by_session",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(condition=models.Q(("room__isnull", False)), fields=["room"], name="lead_by_room"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("entered_by__isnull", False)), fields=["entered_by"], name="lead_by_enterer"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["information", "registration_file"])), name="lead_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "registration_file"), _negated=True),
                    ("contest_session__isnull", False),
                    _connector="OR",
                ),
                name="lead_for_a_file_names_the_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("age_band__in", ["under_18", "18_24", "25_34", "35_over", "unknown"])),
                name="lead_age_band_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_abroad", False), models.Q(("department", ""), ("region", "")), _connector="OR"),
                name="lead_abroad_has_no_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptview",
            constraint=models.UniqueConstraint(fields=("owner", "list_name", "name"), name="kept_view_once_per_name"),
        ),
        migrations.AddConstraint(
            model_name="keptview",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("query", ""), _negated=True)),
                name="kept_view_has_name_and_query",
            ),
        ),
        migrations.AddIndex(
            model_name="duplicategroup",
            index=models.Index(condition=models.Q(("is_open", True)), fields=["team", "-at"], name="duplicate_open"),
        ),
        migrations.AddConstraint(
            model_name="duplicategroup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("team__isnull", False)),
                fields=("kind", "key", "team"),
                name="duplicate_once_per_key_and_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicategroup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("team__isnull", True)), fields=("kind", "key"), name="duplicate_once_per_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicategroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_open", False), ("ignored_at__isnull", True), _connector="OR"),
                name="duplicate_ignored_is_not_open",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["email"], name="candidate_by_email"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["phone"], name="candidate_by_phone"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["name_key", "birth_date"], name="candidate_by_name_and_birth"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("mail_key", ""), _negated=True), fields=["mail_key"], name="candidate_by_mail_key"
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True), ("merged_into__isnull", True)),
                fields=["-asked_at", "-id", "team"],
                name="candidate_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True), ("merged_into__isnull", True)),
                fields=["stage", "-asked_at", "-id", "team"],
                name="candidate_by_stage",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True), ("merged_into__isnull", True)),
                fields=["region", "-asked_at", "-id", "team"],
                name="candidate_by_region",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", True), ("merged_into__isnull", True)),
                fields=["department", "-asked_at", "-id", "team"],
                name="candidate_by_department",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["owner", "next_action_at"], name="candidate_by_owner_and_action"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["team", "next_action_at"], name="candidate_by_team_and_action"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["next_action_at", "id"], name="candidate_by_action"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["id", "merged_into"],
                name="candidate_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="candidate_merged_into"
            ),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(
                condition=models.Q(("claimed_by__isnull", False)), fields=["claimed_by"], name="candidate_claimed_by"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("merged_into__isnull", True), models.Q(("email", ""), _negated=True)),
                fields=("email",),
                name="candidate_once_per_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("email", ""), ("merged_into__isnull", True), models.Q(("phone", ""), _negated=True)
                ),
                fields=("phone", "name_key"),
                name="candidate_once_per_phone_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ["new", "contacted", "qualified", "applying", "registered", "waiting", "closed"])
                ),
                name="candidate_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "closed_reason__in",
                            [
                                "not_eligible",
                                "not_interested",
                                "unreachable",
                                "registered_elsewhere",
                                "withdrawn",
                                "out_of_scope",
                                "duplicate",
                                "test",
                            ],
                        ),
                        ("stage", "closed"),
                    ),
                    models.Q(models.Q(("stage", "closed"), _negated=True), ("closed_reason", "")),
                    _connector="OR",
                ),
                name="candidate_closed_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_action", ""), ("next_action_at__isnull", True)),
                    models.Q(
                        ("next_action__in", ["call", "write", "check_file", "meet", "resume"]),
                        ("next_action_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="candidate_action_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage__in", ("new", "contacted", "qualified", "applying", "waiting")), _negated=True),
                    models.Q(("next_action", ""), _negated=True),
                    _connector="OR",
                ),
                name="candidate_open_has_an_action",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(("diploma_level__in", ["", "none", "3", "4_in_progress", "4", "5", "6", "7"])),
                name="candidate_diploma_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("situation__in", ["", "pupil", "student", "employed", "public_service", "job_seeking", "other"])
                ),
                name="candidate_situation_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="callslot",
            constraint=models.UniqueConstraint(fields=("team", "starts_at"), name="call_slot_once_a_team_and_time"),
        ),
        migrations.AddConstraint(
            model_name="callslot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="call_slot_ends_after_it_starts",
                violation_error_message="It must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.CheckConstraint(
                condition=models.Q(("department", ""), _negated=True), name="territory_has_a_department"
            ),
        ),
        migrations.AddConstraint(
            model_name="toldapart",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="told_apart_once"),
        ),
        migrations.AddConstraint(
            model_name="toldapart",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="told_apart_in_order"
            ),
        ),
        migrations.RunPython(add_trigrams, migrations.RunPython.noop),
    ]
