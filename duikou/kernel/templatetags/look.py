"""Components of the product's look: templates say what is shown, these say how.

Built into every template (no `{% load %}`). Markup lives in `templates/kernel/parts/`, colours in `assets/src/style/`.
"""

from duikou.kernel.look import figures, lists, objects, pictures
from duikou.kernel.look.basics import register

__all__ = ["figures", "lists", "objects", "pictures", "register"]
