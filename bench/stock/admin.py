from django.contrib.admin import AdminSite, ModelAdmin

from bench.stock.models import Candidate


class CandidateAdmin(ModelAdmin):
    list_display = ("last_name", "first_name", "email", "stage", "department", "asked_at", "owner")
    list_filter = ("stage", "region", "department")
    list_per_page = 50
    list_select_related = ("owner",)
    search_fields = ("first_name", "last_name", "email", "phone", "postal_code")
    ordering = ("-asked_at", "-pk")

    def changelist_view(self, *args, **kwargs):
        response = super().changelist_view(*args, **kwargs)
        response.using = "stock"  # Django's own templates
        return response


site = AdminSite(name="stock")
site.register(Candidate, CandidateAdmin)
