"""Migrates, makes an open room with its staff, and prints what a client needs.

`{"path", "slug", "cookie", "moderators": [cookie], "speakers": [[id, cookie]]}`; `cookie` is the first moderator's.
"""

import json
import os
from datetime import timedelta

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from tests.factories import RoomFactory, SpeakerFactory, UserFactory
    from tests.serving import session_cookie

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    moderators, speakers = UserFactory.create_batch(2), SpeakerFactory.create_batch(4)
    ends = timezone.now() + timedelta(days=1)
    room = RoomFactory(slug="bench", moderators=moderators, speakers=speakers, closes_at=ends)
    cookies = [session_cookie(user) for user in moderators]
    made = {
        "path": f"/ws/rooms/{room.slug}/",
        "slug": room.slug,
        "cookie": cookies[0],
        "moderators": cookies,
        "speakers": [[speaker.pk, session_cookie(speaker.user)] for speaker in speakers],
    }
    print(json.dumps(made))
