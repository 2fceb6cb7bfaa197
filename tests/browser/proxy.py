"""A network between the browser and the server: it takes time, stands still, or breaks.

    proxy = Proxy(server.url)
    proxy.delay = 0.1           # seconds each way, from now on
    proxy.stall()               # nothing goes through any more, and nobody is told; "there" or "back": one way alone
    proxy.cut()                 # all connections break, and new ones are refused
    proxy.mend()                # back to normal; what stood still goes on, unless it was cut
    proxy.stop()

What was cut is lost: bytes that were under way arrive nowhere.
"""

import asyncio
import threading
import urllib.parse
from contextlib import suppress

_CHUNK = 1 << 16


class Proxy:
    """Listens on a port of its own, of this machine alone. url: where it listens, in the place of the server's."""

    delay = 0.0

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self._to = parts.hostname, parts.port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connections = set()
        self._refuses = False
        self._server = self._call(self._start())
        port = self._server.sockets[0].getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.hostname}:{port}").geturl()

    def stall(self, *ways):
        self._call(self._set(stands=ways or ("there", "back")))

    def cut(self):
        self._call(self._set(stands=("there", "back"), refuses=True))

    def mend(self):
        self._call(self._set(stands=()))

    def stop(self):
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _start(self):
        self._flows = {"there": asyncio.Event(), "back": asyncio.Event()}
        await self._set(stands=())
        return await asyncio.start_server(self._connected, "localhost", 0)

    async def _set(self, stands, refuses=False):
        self._refuses = refuses
        for way, flows in self._flows.items():
            if way in stands:
                flows.clear()
            else:
                flows.set()
        if refuses:
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _close(self):
        self._server.close()
        await self._set(stands=("there", "back"), refuses=True)

    async def _connected(self, reader, writer):
        if self._refuses:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        self._connections.add(task)
        with suppress(OSError, asyncio.CancelledError):
            there_reader, there_writer = await asyncio.open_connection(*self._to)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._carry(reader, there_writer, self._flows["there"]))
                    both.create_task(self._carry(there_reader, writer, self._flows["back"]))
            except* OSError:
                pass
            finally:
                there_writer.transport.abort()
        writer.transport.abort()
        self._connections.discard(task)

    async def _carry(self, reader, writer, flows):
        """Bytes one way, each as late as the delay says, and as many under way as there are."""
        under_way = asyncio.Queue()

        async def arrive():
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(due - self._loop.time())
                await flows.wait()
                if not data:
                    writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        async with asyncio.TaskGroup() as group:
            group.create_task(arrive())
            data = b"-"
            while data:
                data = await reader.read(_CHUNK)
                under_way.put_nowait((self._loop.time() + self.delay, data))
