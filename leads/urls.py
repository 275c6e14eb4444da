from django.urls import path

from leads import answer_views, eligibility_views, follow_views, look_views, views

app_name = "leads"
urlpatterns = [
    path("contests/", views.contests, name="contests"),
    path("contests/<slug:slug>/", views.contest, name="contest"),
    path("contests/<slug:slug>/eligibility/", eligibility_views.check, name="eligibility"),
    path("contests/<slug:slug>/request/", views.request_file, name="request_file"),
    path("request/", views.request_information, name="request"),
    path("request/answer/", answer_views.answer_by_mail, name="answer_by_mail"),
    path("request/reminder/", answer_views.reminder, name="reminder"),
    path("request/received/", views.received, name="received"),
    path("follow/", follow_views.lost_link, name="lost_link"),
    path("follow/erased/", follow_views.erased, name="erased"),
    path("follow/<str:token>/", follow_views.follow_page, name="follow_page"),
    path("follow/<str:token>/verify/", follow_views.verify, name="verify"),
    path("follow/<str:token>/files/<int:file_id>/", follow_views.download, name="download"),
    path("follow/<str:token>/data/", follow_views.data, name="data"),
    path("follow/<str:token>/correct/", follow_views.correct, name="correct"),
    path("follow/<str:token>/consents/", follow_views.consents, name="consents"),
    path("follow/<str:token>/stop/", follow_views.stop, name="stop"),
    path("follow/<str:token>/erase/", follow_views.erase, name="erase"),
    path("follow/<str:token>/keep/", follow_views.keep, name="keep"),
    path("follow/<str:token>/renew/", follow_views.renew, name="renew"),
    path("follow/<str:token>/unsubscribe/", follow_views.unsubscribe, name="unsubscribe"),
    path("organisation/colours-<str:digest>.css", look_views.colours, name="colours"),
    path("organisation/logo-<str:digest>", look_views.logo, name="logo"),
    path("files/<str:signed>/", follow_views.file, name="file"),
]
