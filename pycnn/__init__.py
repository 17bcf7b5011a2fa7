"""PyCNN: a convolutional neural network in NumPy, small enough to be read in one sitting.

Read `window` first (where a window stands and what it reads), `layer`, `window_layer` and `layers` (what each
layer computes), then `network` (how a picture goes through them), then `files` with `npz` and `tfjs` (where
the parameters come from) and `pictures` with `decoding` and `colours` (how a file becomes pixels).
How long work is cut into steps stands in `steps`, what a file may ask for in `limits`, and what a network
needs is counted in `memory`.
"""

# pycnn.pictures is left out on purpose: it needs Pillow, which a browser loads only to decode a file.
from pycnn.files import ModelError, default_model, load_model, save_model
from pycnn.layer import Layer, ShapeError
from pycnn.layers import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    ReLU,
    Sigmoid,
    Softmax,
)
from pycnn.network import Classification, Network

__all__ = [
    "AveragePooling",
    "Classification",
    "Convolution",
    "Dense",
    "Flatten",
    "Identity",
    "Layer",
    "MaxPooling",
    "ModelError",
    "Network",
    "ReLU",
    "ShapeError",
    "Sigmoid",
    "Softmax",
    "default_model",
    "load_model",
    "save_model",
]
