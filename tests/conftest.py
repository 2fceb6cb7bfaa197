"""The order of the tests: what is quick first."""


def pytest_collection_modifyitems(items):
    """The browser tests last: they are slow, and Playwright leaves an event loop behind in which asyncio.run fails."""
    items.sort(key=lambda item: "browser" in item.path.parts)
