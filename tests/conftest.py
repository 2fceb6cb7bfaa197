"""The order of the tests: what is quick first. And which way of stopping a learner's function they take."""

import sys

import pytest


@pytest.fixture(scope="session", autouse=True)
def patience():
    """The checks look for a mistake for a few seconds; on a busy machine the tests give them more."""
    from mlpkit import check
    from mlpkit.exercises import diagnose, same

    patched = pytest.MonkeyPatch()
    for module in (check, diagnose, same):
        patched.setattr(module, "PATIENCE", 60.0)
    yield
    patched.undo()


def pytest_report_header():
    way = "at every line (sys.monitoring)" if hasattr(sys, "monitoring") else "by a second thread (Python 3.11)"
    return f"a learner's function is stopped {way}"


def pytest_collection_modifyitems(items):
    """The browser tests last: they are slow, and Playwright leaves an event loop behind in which asyncio.run fails."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `-n 2`: in that order, files whole and the lessons as one, the browser tests one by one.

    So both end at the same time, and no two start kernels for lessons at once, which might choose the same ports.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            if nodeid.startswith(("lessons/", "tests/browser/")):
                return "lessons" if nodeid.startswith("lessons/") else nodeid
            return nodeid.partition("::")[0]

    config.option.loadscopereorder = False
    return Scheduling(config, log)
