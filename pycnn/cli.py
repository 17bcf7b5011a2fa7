"""A convolutional neural network in NumPy: describe it, classify pictures, write what its layers compute."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Any, NoReturn, TextIO

from pycnn.files import default_path, load_model, model_files
from pycnn.layer import Array
from pycnn.network import Classification, Network
from pycnn.npz import npz_bytes
from pycnn.pictures import read_picture

SOME_FAILED, FAILED = 1, 2  # exit statuses besides 0
MAX_CLASSES_PRINTED = 10
JOINERS = "\u200c\u200d"


class _Parser(argparse.ArgumentParser):
    """Raises ValueError where argparse would print its usage and exit."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (python -m pycnn --help tells how).")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0; 1 if some of several pictures failed; else 2."""
    # A closed stream is None in Python; what would be written there goes nowhere.
    with (
        Path(os.devnull).open("w", encoding="utf-8", errors="backslashreplace") as nowhere,
        contextlib.redirect_stdout(sys.stdout or nowhere),
        contextlib.redirect_stderr(sys.stderr or nowhere),
    ):
        return _main(arguments)


def _main(arguments: list[str] | None) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be no text
    try:
        status = _run(_parse(arguments))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Who reads the output has seen enough; what Python still flushes when it ends goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130  # as a shell reports it
    except MemoryError:
        return _fail("There is not enough memory for this network.")
    except OSError as error:
        return _fail(f"Cannot write {error.filename or 'the output'}: {error.strerror or error}.")
    except ValueError as error:
        return _fail(str(error))


def _fail(sentence: str) -> int:
    print("pycnn:", _harmless(" ".join(sentence.split())), file=sys.stderr)
    return FAILED


def _harmless(text: str) -> str:
    """The text with what would move the cursor, colour the terminal or turn its direction as escapes.

    Names in a model's file may hold anything. Joiners stay: scripts and emoji need them.
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return character.encode("unicode_escape").decode() if hidden and character not in JOINERS else character


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = _Parser(prog="python -m pycnn", description=__doc__, allow_abbrev=False)
    parser.add_argument("command", choices=["describe", "classify", "activations"])
    parser.add_argument(
        "pictures", nargs="*", type=_path, metavar="PICTURE", help="PNG, JPEG, WebP, GIF or BMP"
    )
    parser.add_argument(
        "--model", type=_path, metavar="PATH", help="an .npz or a TF.js model.json, not the shipped network"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    parser.add_argument(
        "-o", dest="output", type=_path, metavar="FILE", help="write to FILE (activations: an .npz)"
    )
    options = parser.parse_intermixed_args(arguments)
    if options.command == "describe" and options.pictures:
        parser.error("describe takes no picture")
    if options.command == "classify" and not options.pictures:
        parser.error("classify needs at least one picture")
    if options.command == "activations" and (len(options.pictures) != 1 or options.output is None):
        parser.error("activations needs one picture, and -o FILE to write to")
    return options


def _path(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return text


def _run(options: argparse.Namespace) -> int:
    model = Path(options.model or default_path())
    network = load_model(model)
    if options.output is not None:
        for source in [*options.pictures, *model_files(model)]:
            if _same_file(options.output, source):
                raise ValueError(f"-o {options.output} would overwrite {source}, which is to be read.")
    if options.command == "activations":
        return _activations(network, options)
    with contextlib.ExitStack() as stack:
        output: TextIO = sys.stdout
        if options.output is not None:
            output = stack.enter_context(
                Path(options.output).open("w", encoding="utf-8", errors="backslashreplace")
            )
        if options.command == "classify":
            return _classify(network, options, output)
        print(json.dumps(network.describe()) if options.json else _table(network.describe()), file=output)
        return 0


def _same_file(output: str, source: str | Path) -> bool:
    try:
        return Path(output).samefile(source)  # a link's other name is the same file too
    except OSError:  # one of them does not exist
        return os.path.realpath(output) == os.path.realpath(source)


def _activations(network: Network, options: argparse.Namespace) -> int:
    """Writes every layer's output by the layer's name, channels first."""
    (path,) = options.pictures
    try:
        activations = network.forward(_read(path, network))
    except ValueError as error:
        return _refuse(path, error, options, sys.stdout)
    Path(options.output).write_bytes(npz_bytes(activations))
    shapes = {name: list(array.shape) for name, array in activations.items()}
    if options.json:
        print(json.dumps({"picture": path, "activations": options.output, "shapes": shapes}))
    else:
        sentence = f"{path}: the outputs of {len(shapes)} layers are in {options.output}."
        print(_harmless(sentence))
    return 0


def _classify(network: Network, options: argparse.Namespace, output: TextIO) -> int:
    """One result for each picture, in their order; a bad one does not stop the others."""
    statuses = []
    for path in options.pictures:
        try:
            classification = network.classify(_read(path, network))
        except ValueError as error:
            statuses.append(_refuse(path, error, options, output))
            continue
        statuses.append(0)
        if options.json:
            result = {"label": classification.label, "probabilities": classification.probabilities}
            print(json.dumps({"picture": path, **result}), file=output)
        else:
            print(_bars(path, classification), file=output)
    return SOME_FAILED if len(statuses) > 1 and any(statuses) else max(statuses)


def _read(path: str, network: Network) -> Array:
    _, height, width = network.input_shape
    return network.picture_from_pixels(read_picture(path, (height, width)))


def _refuse(path: str, error: ValueError, options: argparse.Namespace, output: TextIO) -> int:
    """A picture that could not be used: a line on stderr, with --json one among the results too."""
    if options.json:
        print(json.dumps({"picture": path, "error": str(error)}), file=output)
    return _fail(f"{path}: {error}")


def _bars(path: str, classification: Classification) -> str:
    """The likeliest classes with their probabilities, to be read by people."""
    ranked = sorted(classification.probabilities.items(), key=lambda item: -item[1])[:MAX_CLASSES_PRINTED]
    ranked = [(_harmless(name), p) for name, p in ranked]
    width = max(len(name) for name, _ in ranked)
    lines = [f"  {name:{width}}  {100 * p:5.1f} %  {'█' * round(30 * p)}".rstrip() for name, p in ranked]
    return "\n".join([_harmless(f"{path}: {classification.label}"), *lines])


def _table(description: dict[str, Any]) -> str:
    """A network's description, one layer a line, to be read by people."""
    rows = [("layer", "kind", "output", "parameters", "hyperparameters")]
    rows.append(("input", "picture", _times(description["input"]["shape"]), "", ""))
    for layer in description["layers"]:
        parameters = ", ".join(f"{name} {_times(shape)}" for name, shape in layer["parameters"].items())
        hyperparameters = ", ".join(f"{name} {value}" for name, value in layer["hyperparameters"].items())
        shape = _times(layer["output_shape"])
        rows.append((_harmless(layer["name"]), layer["kind"], shape, parameters, hyperparameters))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    classes = _harmless(", ".join(description["classes"]))
    lines.append(f"{description['parameter_count']} parameters; classes: {classes}")
    return "\n".join(lines)


def _times(numbers: list[int]) -> str:
    return "×".join(map(str, numbers))
