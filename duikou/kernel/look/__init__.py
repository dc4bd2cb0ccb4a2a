"""Components of the product's look, by what they show; `templatetags/look.py` hands them to every template."""
