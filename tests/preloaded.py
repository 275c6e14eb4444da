"""What a web process imports of others, imported once: a server that `tests.forked` starts finds it there.

Nothing of the project, and nothing that wants settings: those are read from the environment of each server.
"""

import celery.app.base
import channels.routing
import channels_redis.core
import daphne.server
import django.contrib.postgres.indexes
import django.core.asgi
import django.core.handlers.asgi
import django.core.management.commands.migrate
import django.core.serializers.json
import django.db.backends.postgresql.base
import django.db.backends.sqlite3.base
import django.forms
import django.template.backends.django
import django.test
import django.views.generic
import icalendar
import openpyxl
import phonenumbers
import prometheus_client
import redis.asyncio
import reportlab.platypus
import segno
import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.websockets_sansio_impl
import uvloop
import whitenoise.middleware
import xlsxwriter
