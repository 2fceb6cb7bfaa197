"""The order of the tests: what is quick first. And which way of stopping a learner's function they take."""

import sys


def pytest_report_header():
    way = "at every line (sys.monitoring)" if hasattr(sys, "monitoring") else "by a second thread (Python 3.11)"
    return f"a learner's function is stopped {way}"


def pytest_collection_modifyitems(items):
    """The browser tests last: they are slow, and Playwright leaves an event loop behind in which asyncio.run fails."""
    items.sort(key=lambda item: "browser" in item.path.parts)
