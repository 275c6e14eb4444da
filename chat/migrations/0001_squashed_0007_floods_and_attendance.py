import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """All up to 0007 in one: what a new database runs. One that has some of them goes on with them, one by one."""

    replaces = [
        ("chat", "0001_initial"),
        ("chat", "0002_plurals"),
        ("chat", "0003_moderation"),
        ("chat", "0004_candidates_room"),
        ("chat", "0005_rehearsals"),
        ("chat", "0006_bursts_of_votes"),
        ("chat", "0007_floods_and_attendance"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("number", models.PositiveIntegerField()),
                ("nickname", models.CharField(max_length=24, verbose_name="nickname")),
                ("muted_until", models.DateTimeField(blank=True, null=True, verbose_name="muted until")),
                ("flooding_until", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="title in English")),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(unique=True, verbose_name="key")),
                ("label", models.CharField(max_length=60, verbose_name="label")),
                ("label_en", models.CharField(blank=True, max_length=60, verbose_name="label in English")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="Beginnings of words, with blanks between: a question that holds one is suggested this topic.",
                        verbose_name="words",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["position", "key"],
            },
        ),
        migrations.CreateModel(
            name="WatchedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60, unique=True, verbose_name="word")),
            ],
            options={
                "verbose_name": "watched word",
                "verbose_name_plural": "watched words",
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="Flood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=280)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.participant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nickname", models.CharField(max_length=24, verbose_name="nickname")),
                ("text", models.CharField(max_length=280, verbose_name="text")),
                ("search_text", models.CharField(editable=False, max_length=560)),
                (
                    "original_text",
                    models.CharField(blank=True, editable=False, max_length=280, verbose_name="as asked"),
                ),
                (
                    "lane",
                    models.CharField(
                        blank=True,
                        choices=[("", "to sort"), ("held", "held"), ("newcomers", "newcomers"), ("flood", "flood")],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("flags", models.JSONField(default=list, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting"),
                            ("published", "published"),
                            ("answered", "answered"),
                            ("merged", "merged"),
                            ("rejected", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("reject_reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "flood",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="chat.flood",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="chat.question",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="chat.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="title in English")),
                ("intro", models.TextField(blank=True, max_length=600, verbose_name="introduction")),
                ("intro_en", models.TextField(blank=True, max_length=600, verbose_name="introduction in English")),
                ("opens_at", models.DateTimeField(verbose_name="opens at")),
                ("closes_at", models.DateTimeField(verbose_name="closes at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "scheduled"),
                            ("open", "open"),
                            ("paused", "paused"),
                            ("closed", "closed"),
                        ],
                        default="scheduled",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateTimeField(editable=False, null=True)),
                ("is_demonstration", models.BooleanField(default=False, editable=False, verbose_name="demonstration")),
                ("public_seq", models.PositiveBigIntegerField(default=0, editable=False)),
                ("staff_seq", models.PositiveBigIntegerField(default=0, editable=False)),
                ("participant_count", models.PositiveIntegerField(default=0, editable=False)),
                ("slow_seconds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("shield_after", models.PositiveIntegerField(editable=False, null=True)),
                ("calendar_sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "is_indexed",
                    models.BooleanField(
                        default=False,
                        help_text="Search engines may list the transcript once the room is closed.",
                        verbose_name="in search engines",
                    ),
                ),
                ("peak_viewers", models.PositiveIntegerField(default=0, editable=False)),
                ("flood_until", models.DateTimeField(editable=False, null=True)),
                (
                    "moderators",
                    models.ManyToManyField(
                        blank=True,
                        related_name="moderated_rooms",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moderators",
                    ),
                ),
                (
                    "on_screen",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="chat.question",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="chat.programme",
                        verbose_name="programme",
                    ),
                ),
                (
                    "rehearsal_of",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rehearsals",
                        to="chat.room",
                    ),
                ),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
                "ordering": ["-opens_at"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="room",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="chat.room",
                verbose_name="room",
            ),
        ),
        migrations.CreateModel(
            name="PreparedAnnouncement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("text", models.TextField(max_length=500, verbose_name="text")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prepared",
                        to="chat.room",
                        verbose_name="room",
                    ),
                ),
            ],
            options={
                "verbose_name": "prepared announcement",
                "verbose_name_plural": "prepared announcements",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="participant",
            name="room",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="participants", to="chat.room"
            ),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
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
                ("seen_by", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "question",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="chat.question"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="chat.room"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FrameReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("ack", models.JSONField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "room",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.room"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="flood",
            name="room",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="floods", to="chat.room"),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("before", models.JSONField()),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="chat.question"
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="chat.room"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("viewers", models.PositiveIntegerField()),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendance", to="chat.room"
                    ),
                ),
            ],
            options={
                "ordering": ["minute"],
            },
        ),
        migrations.CreateModel(
            name="RoomEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(choices=[("public", "public"), ("staff", "staff")], max_length=6)),
                ("seq", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("data", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="chat.room"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("title", models.CharField(blank=True, max_length=160, verbose_name="title")),
                ("guest_until", models.DateTimeField(editable=False, null=True)),
                ("is_house", models.BooleanField(default=False, editable=False)),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="speaker",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "speaker",
                "verbose_name_plural": "speakers",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="room",
            name="speakers",
            field=models.ManyToManyField(blank=True, related_name="rooms", to="chat.speaker", verbose_name="speakers"),
        ),
        migrations.AddField(
            model_name="question",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assigned",
                to="chat.speaker",
                verbose_name="assigned to",
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1200, verbose_name="text")),
                ("search_text", models.TextField(editable=False)),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="page with more")),
                ("at", models.DateTimeField(verbose_name="answered at")),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="corrected at")),
                (
                    "typed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="typed by",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="chat.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="chat.speaker",
                        verbose_name="speaker",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="chat.topic",
                verbose_name="topic",
            ),
        ),
        migrations.CreateModel(
            name="Paragraph",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(unique=True, verbose_name="key")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(max_length=1200, verbose_name="text")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("checked_on", models.DateField(verbose_name="checked on")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="page with more")),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="paragraphs",
                        to="chat.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "approved paragraph",
                "verbose_name_plural": "approved paragraphs",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("is_first_act", models.BooleanField(default=False)),
                ("is_in_burst", models.BooleanField(default=False)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="chat.participant"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="chat.question"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                (
                    "age_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("under_18", "under 18"),
                            ("18_24", "18 to 24"),
                            ("25_34", "25 to 34"),
                            ("35_over", "35 and over"),
                            ("unknown", "unknown"),
                        ],
                        max_length=8,
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=3)),
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
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profiles", to="chat.room"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("room", "key"), name="profile_once_in_a_room"),
                    models.CheckConstraint(
                        condition=models.Q(("age_band__in", ["", "under_18", "18_24", "25_34", "35_over", "unknown"])),
                        name="profile_age_band_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "situation__in",
                                ["", "pupil", "student", "employed", "public_service", "job_seeking", "other"],
                            )
                        ),
                        name="profile_situation_is_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("room", "key"), name="participant_once_in_a_room"),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("room", "number"), name="participant_number_once_in_a_room"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_has_text"),
        ),
        migrations.AddConstraint(
            model_name="framereceipt",
            constraint=models.UniqueConstraint(fields=("room", "actor", "digest"), name="frame_once"),
        ),
        migrations.AddIndex(
            model_name="flood",
            index=models.Index(fields=["room", "until"], name="flood_by_room_and_end"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["room", "at"], name="decision_by_room_and_time"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("room", "minute"), name="attendance_once_a_minute"),
        ),
        migrations.AddConstraint(
            model_name="roomevent",
            constraint=models.UniqueConstraint(fields=("room", "stream", "seq"), name="event_seq_once"),
        ),
        migrations.AddConstraint(
            model_name="roomevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("stream__in", ["public", "staff"])), name="event_stream_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="speaker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_house", True)), fields=("is_house",), name="speaker_one_house"
            ),
        ),
        migrations.AddIndex(
            model_name="room",
            index=models.Index(fields=["state", "opens_at"], name="room_by_state_and_time"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["scheduled", "open", "paused", "closed"])), name="room_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="room_closes_after_it_opens",
                violation_error_message="The room must close after it opens.",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="answer_has_text"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["room", "state", "published_at"], name="question_by_room_and_state"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="question_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["asked", "published", "answered", "merged", "rejected", "withdrawn"])
                ),
                name="question_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", ["", "held", "newcomers", "flood"])), name="question_lane_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="question_merged_has_a_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "answered"]), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="question_public_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(fields=("question", "participant"), name="vote_once"),
        ),
    ]
