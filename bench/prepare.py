"""Migrates, makes an open room with a moderator, and prints what a client needs: `{"path", "slug", "cookie"}`."""

import json
import os
from datetime import timedelta

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from tests.factories import RoomFactory, UserFactory
    from tests.serving import session_cookie

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    moderator = UserFactory()
    room = RoomFactory(slug="bench", moderators=[moderator], closes_at=timezone.now() + timedelta(days=1))
    print(json.dumps({"path": "/ws/rooms/bench/", "slug": room.slug, "cookie": session_cookie(moderator)}))
