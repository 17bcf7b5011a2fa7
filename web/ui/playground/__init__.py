"""The playground in the article: a convolution whose numbers can be changed. Pure: no browser module."""
