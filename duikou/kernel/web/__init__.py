"""Pages: the view base that demands a declared permission, errors rendered once, ids for log lines."""

from duikou.kernel.web.page import PUBLIC, ActorRequest, Page

__all__ = ["PUBLIC", "ActorRequest", "Page"]
