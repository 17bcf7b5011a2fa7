"""Which view shows which kind, by the engine's word for it."""

from ui.views.convolution import ConvolutionView
from ui.views.general import GeneralView
from ui.views.picture import PictureView
from ui.views.pooling import PoolingView
from ui.views.relu import ReLUView

KINDS = {
    "input": PictureView,
    "convolution": ConvolutionView,
    "relu": ReLUView,
    "pooling": PoolingView,
    "general": GeneralView,
}
