"""Tasks: what is begun and not waited for still tells of its failure. Pure: no browser module."""

import asyncio


def run(coroutine, failed):
    """Begin a coroutine; `failed(error)` is called with what it raises, whatever that is."""
    asyncio.create_task(_watched(coroutine, failed))


async def _watched(coroutine, failed):
    try:
        await coroutine
    except Exception as error:
        print(f"{type(error).__name__}: {error}")  # to the browser's console
        failed(error)
