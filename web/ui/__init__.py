"""The page, drawn by PyScript with MicroPython on the main thread. It computes nothing over pixels."""
