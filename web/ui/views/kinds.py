"""Which view shows which kind, by the engine's word for it."""

from ui.views.convolution import ConvolutionView
from ui.views.dense import DenseView
from ui.views.flatten import FlattenView
from ui.views.general import general_view
from ui.views.picture import PictureView
from ui.views.pooling import PoolingView
from ui.views.relu import ReLUView
from ui.views.sigmoid import SigmoidView
from ui.views.softmax import SoftmaxView

KINDS = {
    "input": PictureView,
    "convolution": ConvolutionView,
    "relu": ReLUView,
    "pooling": PoolingView,
    "flatten": FlattenView,
    "dense": DenseView,
    "softmax": SoftmaxView,
    "sigmoid": SigmoidView,
    "general": general_view,
}
