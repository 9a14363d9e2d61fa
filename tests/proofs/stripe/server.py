"""localstripe on a free port of this machine alone, its store in memory; prints the port."""

import asyncio

from aiohttp import web
from localstripe.resources import store
from localstripe.server import app


async def serve():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    store.dump_to_disk = lambda: None
    asyncio.run(serve())
