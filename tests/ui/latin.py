"""Languages in other scripts than ours: what is left in Latin letters in a text of theirs.

A language in Latin letters needs nothing here; one in others can be told of, and is then looked at closely.
"""

import re

# By its code, the letters of a language's own: in Japanese kana and kanji.
SCRIPTS = {"ja": "[\u3040-\u30ff\u4e00-\u9fff]"}
# What is called the same in every language: products, file formats, keys, units, functions, people.
NAMES = {
    *(
        "PyCNN",
        "Explainer",
        "Python",
        "MicroPython",
        "Pyodide",
        "PyScript",
        "PyTorch",
        "NumPy",
        "Pillow",
        "JavaScript",
        "WebAssembly",
    ),
    *("CNN", "ReLU", "Tiny", "ImageNet", "English"),
    *("PNG", "JPEG", "WebP", "GIF", "BMP", "AVIF", "SVG", "CSV", "npz", "float32"),
    *("Tab", "Enter", "Escape", "Shift", "F2"),
    *("Windows", "python3", "py", "http", "server", "localhost", "sandbox", "allow", "same", "origin"),
    *("MB", "MIT", "max", "exp", "rgb"),
    *("Zijie", "Wang", "Goodfellow", "Bengio", "Courville", "Dumoulin", "Visin", "LeCun"),
    *("Simonyan", "Zisserman", "Zeiler", "Fergus"),
}
# A term is followed by the English one: 重み（weight）.
ENGLISH_TERM = re.compile("（[A-Za-z ]+）")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_/]*")


def latin_in(text, names=()):
    """Words in Latin letters that are neither names nor the English for a term; single letters are variables.

    `names`: others that are called so, of layers for example.
    """
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    text = ENGLISH_TERM.sub("", text)
    return [word for word in WORD.findall(text) if len(word) > 1 and word not in NAMES]
