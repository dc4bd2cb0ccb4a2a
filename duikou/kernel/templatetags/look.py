"""Components of the product's look."""

from django import template

register = template.Library()
