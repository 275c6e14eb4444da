"""What the server hands to the room's engine instead of to Django."""

from django.urls import path, re_path

from chat.consumers import no_such_socket, room_socket

# Channels' router takes ASGI applications where Django's types name views.
sockets = [
    path("ws/rooms/<slug:slug>/", room_socket),  # type: ignore[arg-type]
    re_path(r"", no_such_socket),  # type: ignore[arg-type]
]
POLLS = "rooms/<slug:slug>/events"  # for `chat.longpoll.room_events`
