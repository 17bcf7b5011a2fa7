"""Which view shows which kind, by the engine's word for it."""

from ui.views.convolution import ConvolutionView

KINDS = {"convolution": ConvolutionView}
