"""What this room keeps besides papers, which are made anew each time."""

from duikou.documents.models.reading import Reading

__all__ = ["Reading"]
