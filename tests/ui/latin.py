"""Words in Latin letters in a Japanese text that are not names of things."""

import re

# What is called the same in every language: products, file formats, keys, units, functions.
NAMES = {
    *(
        "PyCNN",
        "Explainer",
        "Python",
        "MicroPython",
        "Pyodide",
        "PyScript",
        "NumPy",
        "JavaScript",
        "WebAssembly",
    ),
    *("ReLU", "English"),
    *("PNG", "JPEG", "WebP", "GIF", "BMP", "SVG", "CSV", "npz", "float32"),
    *("Tab", "Enter", "Escape", "Shift", "F2"),
    *("MB", "max", "exp", "rgb"),
}
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_/]*")


def latin_in(text, names=()):
    """Such words; single letters are variables. `names`: others that are called so, of layers for example."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return [word for word in WORD.findall(text) if len(word) > 1 and word not in NAMES]
