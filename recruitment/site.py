from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class RecruitmentAdminConfig(AdminConfig):
    default_site = "recruitment.site.RecruitmentAdminSite"


class RecruitmentAdminSite(AdminSite):
    site_header = _("Recruitment")
    site_title = _("Recruitment")
