"""The guided path: steps that drive the page, and tell of the picture on it."""
