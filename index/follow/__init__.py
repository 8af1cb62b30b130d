"""Sources that flow in: what an address holds, when it is visited again, and what a visit brings.

`add_url` for `pullquote add URL`; `Following` for follow, unfollow, sources and the loop.
"""

from index.follow.resolve import ADDED, Found, add_url, resolve, to_follow
from index.follow.run import Following, Report

__all__ = ["ADDED", "Following", "Found", "Report", "add_url", "resolve", "to_follow"]
