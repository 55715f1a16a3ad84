from django import template

from tatap.bookings.forms import DAYS

register = template.Library()


@register.filter
def day_name(number: int) -> str:
    """Monday is 0."""
    return str(dict(DAYS)[number])
