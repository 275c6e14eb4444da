from django.urls import path

from chat import views

app_name = "chat"
urlpatterns = [
    path("rooms/", views.programme, name="programme"),
    path("rooms/calendar.ics", views.programme_calendar, name="programme-calendar"),
    path("rooms/<slug:slug>/", views.room, name="room"),
    path("rooms/<slug:slug>/questions", views.questions, name="questions"),
    path("rooms/<slug:slug>/calendar.ics", views.room_calendar, name="room-calendar"),
    path("rooms/<slug:slug>/console/", views.console, name="console"),
    path("questions/", views.search, name="search"),
]
