"""What this room keeps besides papers, which are made anew each time."""

from duikou.documents.models.reading import Reading
from duikou.documents.models.template import PaperTemplate

__all__ = ["PaperTemplate", "Reading"]
