"""The pattern of the Channels tutorial: a group membership and an encoding per socket. Served by Daphne."""

import json

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}},
    },
)


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        text = json.loads(text_data)["text"]
        await self.channel_layer.group_send("room", {"type": "chat.message", "text": text})

    async def chat_message(self, event):
        data = {"type": "event", "stream": "public", "kind": "announcement", "data": {"text": event["text"]}}
        await self.send(text_data=json.dumps(data | {"at": "2026-11-24T09:00:00.000Z", "seq": 1}))


application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": ChatConsumer.as_asgi()})
