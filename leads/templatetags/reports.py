from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share to a tenth, as French writes it; a dash where there is nothing to share."""
    return "–" if share is None else f"{share:.1f}\u00a0%".replace(".", ",")
