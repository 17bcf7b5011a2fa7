"""The few things that every drawing module needs of the browser."""

import asyncio

from pyscript import document, window
from pyscript.ffi import create_proxy


def by_id(name):
    return document.getElementById(name)


def on(target, event, handler):
    """Call `handler(event)` whenever `event` reaches `target`."""
    target.addEventListener(event, create_proxy(handler))


def after_paint(callback):
    """Call back once the browser has painted what stands in the document now."""
    window.requestAnimationFrame(create_proxy(lambda _: window.setTimeout(create_proxy(callback), 0)))


def mark(name):
    """Set a user timing mark after the next paint."""
    after_paint(lambda: window.performance.mark(name))


async def next_paint():
    """Wait until the browser has painted what stands in the document now, and marks of it are set."""
    painted = asyncio.Event()
    after_paint(painted.set)
    await painted.wait()


def calm():
    """Does the visitor want less motion?"""
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches


def keep_in_sight(box, element, margin=0):
    """Scroll a box, and nothing around it, until an element placed in it is in sight.

    `margin`: pixels at the box's edges that something else lies over.
    """
    left, top = element.offsetLeft - margin, element.offsetTop - margin
    right, bottom = left + element.offsetWidth + 2 * margin, top + element.offsetHeight + 2 * margin
    box.scrollLeft = min(max(box.scrollLeft, right - box.clientWidth), left)
    box.scrollTop = min(max(box.scrollTop, bottom - box.clientHeight), top)


def put_pixels(canvas, rgba, offset, width, height):
    """Fill a canvas with width * height RGBA pixels that begin at byte `offset` of an ArrayBuffer."""
    if canvas.width != width or canvas.height != height:
        canvas.width, canvas.height = width, height
    pixels = window.Uint8ClampedArray.new(rgba, offset, width * height * 4)
    canvas.getContext("2d").putImageData(window.ImageData.new(pixels, width, height), 0, 0)
