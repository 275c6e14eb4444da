from django.db import migrations, transaction

AT_ONCE = 20_000
PROGRESS = """
    UPDATE leads_lead SET
        answered_at = (
            SELECT min(told.at) FROM leads_followup told
            WHERE told.candidate_id = leads_lead.candidate_id AND told.at >= leads_lead.at AND (
                (told.kind = 'call' AND told.outcome = 'reached')
                OR (told.kind = 'message' AND told.actor_id IS NOT NULL)
                OR (told.kind = 'stage' AND told.data ->> 'to' = 'contacted')
            )
        ),
        file_step = CASE WHEN kind <> 'registration_file' THEN 0 ELSE coalesce((
            SELECT CASE
                WHEN registered_at IS NOT NULL THEN 5
                WHEN status = 'complete' THEN 4
                WHEN returned_at IS NOT NULL THEN 3
                WHEN downloaded_at IS NOT NULL THEN 2
                WHEN sent_at IS NOT NULL THEN 1
                ELSE 0
            END
            FROM leads_registrationfile own
            WHERE own.candidate_id = leads_lead.candidate_id AND own.contest_session_id = leads_lead.contest_session_id
        ), 0) END
    WHERE id BETWEEN %s AND %s AND candidate_id IS NOT NULL
"""
# What waits to be folded says no session yet: it is taken from where its fold will put it.
SESSIONS = """
    INSERT INTO leads_dailycount (dimension, day, value, kind, leads)
    SELECT 'session', day, value, kind, sum(counted) FROM (
        SELECT day, coalesce(CAST(contest_session_id AS varchar(20)), 'none') AS value, kind, 1 AS counted
        FROM leads_lead WHERE NOT is_spam
        UNION ALL SELECT day, 'none', kind, -leads FROM leads_countdelta
    ) AS both_sides
    GROUP BY day, value, kind HAVING sum(counted) <> 0
"""


def count_sessions(apps, schema_editor):
    with transaction.atomic(), schema_editor.connection.cursor() as cursor:
        cursor.execute(SESSIONS)


def forget_sessions(apps, schema_editor):
    apps.get_model("leads", "DailyCount").objects.filter(dimension="session").delete()


def keep_progress(apps, schema_editor):
    """Part after part, so that nobody waits long; what comes in meanwhile is kept by its service."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM leads_lead")
        last = cursor.fetchone()[0]
        for first in range(1, last + 1, AT_ONCE):
            cursor.execute(PROGRESS, [first, first + AT_ONCE - 1])


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL alters no table in the transaction that has just filled it."""

    atomic = False
    dependencies = [("leads", "0018_progress_of_leads")]

    operations = [
        migrations.RunPython(count_sessions, forget_sessions),
        migrations.RunPython(keep_progress, migrations.RunPython.noop),
    ]
