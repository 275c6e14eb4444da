"""Forms of the back office without its stock furniture."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class PlainForms(admin.ModelAdmin):
    """Choices without buttons beside them, days in the browser's own field, which needs no script, one way to save; and
    nothing where there is nothing.
    """

    empty_value_display = ""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        if kwargs.get("add"):  # the stock words need an article, which French has by gender
            context["title"] = f"{_('Add')}{pgettext('after a label', ':')} {self.opts.verbose_name}"
        return super().render_change_form(request, context, *args, **kwargs)
