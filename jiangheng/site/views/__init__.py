"""Pages of the site itself, and its answers to requests the framework refuses."""

from jiangheng.site.views.portal import bad_request, csrf_refused, failed, forbidden, not_found

__all__ = ["bad_request", "csrf_refused", "failed", "forbidden", "not_found"]
