"""What the server hands to the room's engine instead of to Django."""

from django.urls import path, re_path

from chat.consumers import no_such_socket, room_socket
from chat.longpoll import room_events

# Channels' router takes ASGI applications where Django's types name views.
sockets = [
    path("ws/rooms/<slug:slug>/", room_socket),  # type: ignore[arg-type]
    re_path(r"", no_such_socket),  # type: ignore[arg-type]
]
polls = [path("rooms/<slug:slug>/events", room_events)]  # type: ignore[arg-type]
