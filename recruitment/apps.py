from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class BackOfficeConfig(AdminConfig):
    default_site = "recruitment.site.RecruitmentAdminSite"


class RecruitmentConfig(AppConfig):
    name = "recruitment"

    def ready(self) -> None:
        from chat.public import offer_in_rooms, offer_mail_counts, offer_paragraphs, send_invitations_by
        from leads.public import answer_form, answers_by_mail
        from recruitment import celery, checks, middleware  # noqa: F401  each registers something
        from recruitment.invitations import send_invitation
        from recruitment.paragraphs import contest_paragraphs
        from recruitment.roles import give_permissions

        offer_in_rooms("leads/_room_reminder.html", answer_form)
        offer_in_rooms("leads/_room_request.html", answer_form)
        offer_mail_counts(answers_by_mail)
        offer_paragraphs(contest_paragraphs)
        send_invitations_by(send_invitation)
        post_migrate.connect(give_permissions, dispatch_uid="recruitment.roles")
