"""Requests as a viewer may know of them, rules and figures."""
