"""Components of the product's look: templates say what is shown, these say how.

Built into every template (no `{% load %}`). Markup lives in `templates/kernel/parts/`, colours in `assets/src/style/`.
The functions are in `duikou.kernel.look`, by what they show; code that builds cells takes the values from here.
"""

from duikou.kernel.look import lists, objects, pictures
from duikou.kernel.look.basics import icon, masked, or_dash, register, state_badge
from duikou.kernel.look.figures import ago, day, due, moment, money, percent, thousands

__all__ = [
    "ago",
    "day",
    "due",
    "icon",
    "lists",
    "masked",
    "moment",
    "money",
    "objects",
    "or_dash",
    "percent",
    "pictures",
    "register",
    "state_badge",
    "thousands",
]
