"""Sources that flow in: what an address holds, when it is visited again, and what a visit brings."""
