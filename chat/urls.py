from django.urls import path

from chat import asking_views, console_views, search_views, views

app_name = "chat"
urlpatterns = [
    path("rooms/", views.programme, name="programme"),
    path("rooms/calendar.ics", views.programme_calendar, name="programme-calendar"),
    path("rooms/<slug:slug>/", views.room, name="room"),
    path("rooms/<slug:slug>/questions", asking_views.questions, name="questions"),
    path("rooms/<slug:slug>/votes", asking_views.votes, name="votes"),
    path("rooms/<slug:slug>/profile", asking_views.profile, name="profile"),
    path("rooms/<slug:slug>/similar", asking_views.similar, name="similar"),
    path("rooms/<slug:slug>/calendar.ics", views.room_calendar, name="room-calendar"),
    path("rooms/<slug:slug>/console/", console_views.console, name="console"),
    path("rooms/<slug:slug>/console/near", console_views.near, name="near"),
    path("rooms/<slug:slug>/console/passed-on", console_views.passed_on, name="passed-on"),
    path("rooms/<slug:slug>/console/hand-over/", console_views.hand_over, name="hand-over"),
    path("rooms/<slug:slug>/console/rehearse", console_views.rehearse, name="rehearse"),
    path("rooms/<slug:slug>/console/wipe", console_views.wipe, name="wipe"),
    path("rooms/<slug:slug>/console/invite/", console_views.invite, name="invite"),
    path("rooms/invitation/<str:uid>/<str:token>/", console_views.accept, name="accept"),
    path("r/<int:room_id>/", console_views.short, name="short"),
    path("rooms/<slug:slug>/screen/", console_views.screen, name="screen"),
    path("questions/", search_views.search, name="search"),
]
