"""Networks other than the shipped one, and the built site with one of them in its place."""

import shutil
from pathlib import Path

import numpy as np

from builder.assemble import worker
from builder.compute import write_page, write_pixels
from builder.page_packs import ENGINE_WORKER
from builder.version import files_of, seal
from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    Network,
    ReLU,
    Softmax,
    save_model,
)
from tests.browser import SITE
from tests.packed import in_start

WEB = Path(__file__).parents[2] / "web"
CLASSES = ["one", "two", "three", "four", "five", "six and a half", '<seven> & "more"']


def make_other() -> Network:
    """Stride 2, padding, 5x5 and dilated kernels, both poolings, a hidden layer, 7 classes, 48x40 pixels."""
    random = np.random.default_rng(7)

    def values(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    return Network(
        [
            Convolution("stem", values(6, 3, 5, 5), values(6), stride=2, padding=1),
            ReLU("stem/relu"),
            AveragePooling("shrink", 2),
            Convolution("body", values(12, 6, 3, 3), values(12), padding=(3, 2, 3, 0), dilation=(3, 2)),
            ReLU("rectify"),
            MaxPooling("pick", 2),
            Flatten("vector"),
            Dense("hidden", values(20, 240), values(20)),
            ReLU("hidden/relu"),
            Dense("answer/logits", values(7, 20), values(7)),
            Softmax("answer"),
        ],
        (3, 48, 40),
        CLASSES,
    )


def make_grey() -> Network:
    """A grey picture that is pooled first; windows that overlap, hang over into padding, or leave gaps.

    One layer passes its values on.
    """
    random = np.random.default_rng(9)

    def values(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    return Network(
        [
            MaxPooling("overlap", 3, stride=2, padding=1),
            ReLU("nothing_cut"),
            Convolution("conv", values(4, 1, 3, 3), values(4)),
            AveragePooling("mean", (2, 3), stride=(2, 2), padding=(1, 0, 0, 2)),
            MaxPooling("gaps", 2, stride=3),
            Identity("dropout"),
            Flatten("vector"),
            Dense("logits", values(3, 16), values(3)),
            Softmax("grey_classes"),
        ],
        (1, 28, 32),
        ["a", "b", "c"],
    )


def make_dilated() -> Network:
    """Convolutions whose kernels read cells that are apart, the first of them on the picture itself."""
    random = np.random.default_rng(10)

    def values(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    return Network(
        [
            Convolution("wide", values(5, 3, 3, 3), values(5), (2, 1), (1, 2, 3, 0), (2, 3)),
            ReLU("cut"),
            MaxPooling("pick", 2),
            Convolution("far", values(4, 5, 2, 3), values(4), dilation=(3, 2)),
            ReLU("cut_again"),
            AveragePooling("mean", 2),
            Flatten("vector"),
            Dense("logits", values(3, 40), values(3)),
            Softmax("shares"),
        ],
        (3, 30, 34),
        ["a", "b", "c"],
    )


def write_site(network: Network, site: Path) -> None:
    """Copy the built site with this network in place of its own, as the build would write it.

    Its pictures are noise of the size that the network reads.
    """
    shutil.copytree(SITE, site)
    files = files_of(site)
    save_model(network, files / "engine/model.zip")
    (files / ENGINE_WORKER).write_bytes(worker(WEB, files))
    gallery = in_start("samples.json")
    random = np.random.default_rng(8)
    _, height, width = network.input_shape
    for sample in gallery:
        pixels = random.integers(0, 256, (height, width, 3), np.uint8)
        write_pixels(files, sample["name"], pixels)
    write_page(WEB, site, network, gallery, card={})
    seal(site)
