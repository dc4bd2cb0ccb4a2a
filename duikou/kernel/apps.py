"""The kernel has no tables; it is an app for its templates, tags and commands."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Ground floor."""

    name = "duikou.kernel"
    label = "kernel"
