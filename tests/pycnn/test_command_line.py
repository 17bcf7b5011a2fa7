"""`python -m pycnn` as a user runs it: what it prints, where, and with which exit status."""

import json
import os
import subprocess
import sys
import threading
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import oracle
import pytest
from PIL import Image

from pycnn import Dense, Flatten, Identity, Network, Softmax, default_model, load_model, save_model
from pycnn.npz import member_name
from pycnn.pictures import read_picture

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    """Runs the command line in a folder with a model and pictures."""
    rng = np.random.default_rng(0)
    logits = Dense("output/logits", oracle.random_values(rng, 3, 48) / 5, np.zeros(3))
    layers = [Flatten("flatten"), logits, Softmax("output")]
    save_model(Network(layers, (3, 4, 4), ["cat", "red dog", "owl"], {}), tmp_path / "model.npz")
    for name in ("a.png", "b c.png", "-d.png"):
        Image.fromarray(rng.integers(0, 256, (9, 8, 3), dtype=np.uint8)).save(tmp_path / name)
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.jpg").write_text("no picture", encoding="utf-8")

    def run(*arguments):
        environment = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, "-m", "pycnn", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    run.folder = tmp_path
    return run


def fails(result, *words):
    """Status 2, nothing on stdout, and one line on stderr that holds the words."""
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    for word in words:
        assert word in result.stderr


def succeeds(result):
    assert result.returncode == 0
    assert result.stderr == ""
    return result.stdout


def test_describe(run):
    network = load_model(run.folder / "model.npz")
    assert json.loads(succeeds(run("describe", "--model", "model.npz", "--json"))) == network.describe()
    table = succeeds(run("describe", "--model", "model.npz"))
    for word in ("3×4×4", "flatten", "output/logits", "weights 3×48, bias 3", "147 parameters", "red dog"):
        assert word in table


def test_classify_as_json(run):
    stdout = succeeds(run("classify", "a.png", "--model", "model.npz", "--json", "b c.png"))
    network = load_model(run.folder / "model.npz")
    for path, line in zip(["a.png", "b c.png"], stdout.splitlines(), strict=True):
        result = json.loads(line)
        assert list(result) == ["picture", "label", "probabilities"]
        expected = network.classify(network.picture_from_pixels(read_picture(run.folder / path, (4, 4))))
        assert result["picture"] == path
        assert result["label"] == expected.label
        assert result["probabilities"] == pytest.approx(expected.probabilities, abs=1e-6)


def test_classify_for_people(run):
    lines = succeeds(run("classify", "--model", "model.npz", "a.png")).splitlines()
    result = json.loads(run("classify", "--model", "model.npz", "a.png", "--json").stdout)
    ranked = sorted(result["probabilities"].items(), key=lambda item: -item[1])
    assert lines[0] == f"a.png: {result['label']}"
    for line, (name, probability) in zip(lines[1:], ranked, strict=True):
        assert line.split("%")[0].split() == [*name.split(), f"{100 * probability:.1f}"]


def test_activations(run):
    stdout = succeeds(run("activations", "--model", "model.npz", "a.png", "-o", "out.npz"))
    assert stdout == "a.png: the outputs of 3 layers are in out.npz.\n"
    network = load_model(run.folder / "model.npz")
    expected = network.forward(network.picture_from_pixels(read_picture(run.folder / "a.png", (4, 4))))
    with np.load(run.folder / "out.npz", allow_pickle=False) as arrays:
        assert list(arrays) == list(expected)
        for name, output in expected.items():
            oracle.assert_equal(arrays[name], output)
    stdout = succeeds(run("activations", "-o", "out", "--model", "model.npz", "a.png", "--json"))
    shapes = {"flatten": [48], "output/logits": [3], "output": [3]}
    assert json.loads(stdout) == {"picture": "a.png", "activations": "out", "shapes": shapes}
    assert (run.folder / "out").read_bytes() == (run.folder / "out.npz").read_bytes()


def test_output_goes_into_a_file(run):
    for arguments in (
        ["describe"],
        ["describe", "--json"],
        ["classify", "a.png"],
        ["classify", "a.png", "--json"],
    ):
        expected = succeeds(run(*arguments, "--model", "model.npz"))
        assert succeeds(run("-o", "out.txt", *arguments, "--model", "model.npz")) == ""
        assert (run.folder / "out.txt").read_text(encoding="utf-8") == expected


def test_the_shipped_network_is_the_default(run):
    assert json.loads(succeeds(run("describe", "--json"))) == default_model().describe()
    result = json.loads(succeeds(run("classify", "a.png", "--json")))
    assert list(result["probabilities"]) == list(default_model().classes)


def test_one_bad_picture_does_not_stop_the_others(run):
    result = run("classify", "--model", "model.npz", "--json", "a.png", "empty.png", "missing.png", "b c.png")
    assert result.returncode == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["picture"] for line in lines] == ["a.png", "empty.png", "missing.png", "b c.png"]
    assert ["error" in line for line in lines] == [False, True, True, False]
    assert list(lines[1]) == ["picture", "error"]
    assert lines[1]["error"] == "This file is empty. Choose a PNG, JPEG, WebP, GIF or BMP picture."
    assert len(result.stderr.splitlines()) == 2
    result = run("classify", "--model", "model.npz", "text.jpg", "a.png")
    assert result.returncode == 1
    assert result.stdout.startswith("a.png: ")
    assert result.stderr.startswith("pycnn: text.jpg: This file is not a picture")


def test_a_sole_bad_picture(run):
    fails(run("classify", "--model", "model.npz", "empty.png"), "pycnn: empty.png: This file is empty.")
    fails(run("activations", "--model", "model.npz", "text.jpg", "-o", "x.npz"), "text.jpg", "not a picture")
    assert not (run.folder / "x.npz").exists()
    result = run("classify", "--model", "model.npz", "empty.png", "--json")
    assert json.loads(result.stdout)["error"].startswith("This file is empty.")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def test_pictures_whose_names_begin_with_a_dash(run):
    lines = succeeds(run("classify", "--model", "model.npz", "--json", "--", "-d.png")).splitlines()
    assert json.loads(lines[0])["picture"] == "-d.png"


def test_a_picture_whose_name_is_no_text(run):
    name = b"\xff.png"
    (Path(str(run.folder)) / name.decode("utf-8", "surrogateescape")).write_bytes(
        (run.folder / "a.png").read_bytes()
    )
    for options in ([], ["--json"]):
        stdout = succeeds(run("classify", "--model", "model.npz", name, *options))
        assert "\\udcff.png" in stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["required", "command"]),
        (["paint"], ["invalid choice: 'paint'"]),
        (["classify"], ["classify needs at least one picture"]),
        (["describe", "a.png"], ["describe takes no picture"]),
        (["classify", "a.png", "--color"], ["--color"]),
        (["classify", "a.png", "--model"], ["--model"]),
        (["activations", "a.png"], ["activations needs one picture, and -o FILE"]),
        (["activations", "-o", "x.npz"], ["activations needs one picture"]),
        (["activations", "a.png", "b c.png", "-o", "x.npz"], ["activations needs one picture"]),
        (["describe", "--model", ""], ["argument --model: the path is empty"]),
        (["describe", "-o", ""], ["argument -o: the path is empty"]),
        (["classify", "a.png", ""], ["argument PICTURE: the path is empty"]),
        (["activations", "a.png", "-o", "./a.png"], ["-o ./a.png would overwrite a.png, which"]),
        (["classify", "missing.png", "-o", "./missing.png"], ["would overwrite missing.png"]),
        (["describe", "--model", "model.npz", "-o", "model.npz"], ["would overwrite model.npz"]),
        (["describe", "--model", "missing.npz"], ["Cannot read missing.npz: No such file or directory."]),
        (["classify", "a.png", "--model", "text.jpg"], ["Cannot read text.jpg: it is neither"]),
        (["classify", "a.png", "--model", "."], ["Cannot read .: Is a directory."]),
        (["describe", "-o", "missing/x.txt"], ["Cannot write missing/x.txt: No such file or directory."]),
        (["activations", "a.png", "-o", "missing/x.npz"], ["Cannot write missing/x.npz: No such file"]),
    ],
)
def test_errors_are_one_line(run, arguments, words):
    fails(run(*arguments), *words)


def test_nothing_that_is_read_is_overwritten_under_another_name(run):
    os.link(run.folder / "a.png", run.folder / "hard.png")
    (run.folder / "soft.npz").symlink_to("model.npz")
    fails(run("classify", "--model", "model.npz", "b c.png", "a.png", "-o", "hard.png"), "overwrite a.png")
    fails(run("describe", "--model", "model.npz", "-o", "soft.npz"), "overwrite model.npz")
    assert run.folder.joinpath("hard.png").read_bytes().startswith(b"\x89PNG")
    load_model(run.folder / "model.npz")


def test_a_models_shards_are_not_overwritten(run):
    layers = [
        {"class_name": "Flatten", "config": {"name": "flatten", "batch_input_shape": [None, 1, 2, 3]}},
        {"class_name": "Dense", "config": {"name": "output", "units": 1, "activation": "sigmoid"}},
    ]
    weights = [
        {"name": "output/kernel", "shape": [6, 1], "dtype": "float32"},
        {"name": "output/bias", "shape": [1], "dtype": "float32"},
    ]
    model = {
        "modelTopology": {"class_name": "Sequential", "config": {"layers": layers}},
        "weightsManifest": [{"paths": ["one", "two"], "weights": weights}],
    }
    folder = run.folder / "tfjs"
    folder.mkdir()
    (folder / "model.json").write_text(json.dumps(model), encoding="utf-8")
    for shard in ("one", "two"):
        (folder / shard).write_bytes(bytes(14))
    command = ["describe", "--model", "tfjs/model.json", "-o"]
    for name in ("model.json", "one", "two"):
        fails(run(*command, f"tfjs/{name}"), f"would overwrite tfjs/{name}, which is to be read.")
    for _ in range(2):  # what an earlier run wrote may be overwritten
        succeeds(run(*command, "tfjs/out.txt"))


@pytest.mark.parametrize("command", [["--help"], ["classify", "--json", "empty.png", "a.png"]])
@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_closed_streams(run, command, closed):
    """What would go to a closed stream goes nowhere: not into the other one, and not into a traceback."""
    arguments = [*command, "--model", "model.npz"]
    whole = run(*arguments)
    result = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-m", "pycnn", *arguments],
        cwd=run.folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == whole.returncode
    assert result.stdout == ("" if "1>&-" in closed else whole.stdout)
    assert result.stderr == ("" if "2>&-" in closed else whole.stderr)


def test_help(run):
    stdout = succeeds(run("--help"))
    for word in ("describe", "classify", "activations", "--model", "--json", "-o", "PICTURE"):
        assert word in stdout


def test_a_reader_that_stops_reading(run):
    command = [sys.executable, "-m", "pycnn", "classify", "--model", "model.npz", *["a.png"] * 500]
    process = subprocess.Popen(
        command,
        cwd=run.folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# What names hold comes from a file that anybody may have made.

HOSTILE = {
    "\x1b[31mred\x1b[0m": r"\x1b[31mred\x1b[0m",
    "a\nb\r\tc": r"a\nb\r\tc",
    "\u202eright to left\u2066": r"\u202eright to left\u2066",
    "bell\x07 and \x9b1m and \x7f": r"bell\x07 and \x9b1m and \x7f",
    "lines\u2028and\u2029\x85": r"lines\u2028and\u2029\x85",
    "\ufeffmark\u00ad\u200e": r"\ufeffmark\xad\u200e",
}
ORDINARY = ["畳み込み\u30001", "Füße", "क्\u200dष", "👩\u200d🔬", "a b", "<b>\"'&", "\\x1b", "עברית"]


def harmless(text):
    """Nothing in it moves a terminal's cursor, but for the ends of lines."""
    return not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text.replace("\n", "")
    )


def test_hostile_names_are_printed_as_escapes(run):
    names = [*HOSTILE, *ORDINARY]
    layers = [Flatten("flatten"), *(Identity(name) for name in names)]
    layers += [Dense("logits", np.zeros((len(names), 48)), np.zeros(len(names))), Softmax("output")]
    save_model(Network(layers, (3, 4, 4), [f"class {name}" for name in names]), run.folder / "hostile.npz")
    table = succeeds(run("describe", "--model", "hostile.npz"))
    bars = succeeds(run("classify", "--model", "hostile.npz", "a.png"))
    assert harmless(table + bars)
    assert len(table.splitlines()) == len(layers) + 3
    for name in [*HOSTILE.values(), *ORDINARY]:
        assert f"\n{name} " in table
        assert f"class {name}" in table
    for name in list(HOSTILE.values()) + ORDINARY[:3]:
        assert f"  class {name} " in bars
    succeeds(run("describe", "--model", "hostile.npz", "-o", "table.txt"))
    assert (run.folder / "table.txt").read_text(encoding="utf-8") == table
    described = json.loads(succeeds(run("describe", "--model", "hostile.npz", "--json")))
    assert [layer["name"] for layer in described["layers"]][1 : len(names) + 1] == names


@pytest.mark.parametrize("name", ["\x1b[2Jx", "a\nb\u202e\x9b"])
def test_hostile_names_in_errors_and_of_files(run, name):
    shown = name.encode("unicode_escape").decode()
    layers = [{"class_name": f"Cls{name}", "config": {"name": name, "batch_input_shape": [None, 1, 2, 3]}}]
    model = {
        "modelTopology": {"class_name": "Sequential", "config": {"layers": layers}},
        "weightsManifest": [],
    }
    (run.folder / "model.json").write_text(json.dumps(model), encoding="utf-8")
    result = run("describe", "--model", "model.json")
    fails(result, shown)
    assert harmless(result.stderr)
    (run.folder / name).write_bytes((run.folder / "a.png").read_bytes())
    stdout = succeeds(run("classify", "--model", "model.npz", name))
    assert harmless(stdout)
    assert stdout.startswith(f"{shown}: ")
    stdout = succeeds(run("activations", "--model", "model.npz", name, "-o", f"{name}.npz"))
    assert stdout == f"{shown}: the outputs of 3 layers are in {shown}.npz.\n"
    for arguments in (["describe", "--model", f"no{name}"], ["classify", f"no{name}"], ["describe", name]):
        result = run(*arguments)
        assert result.returncode == 2
        assert harmless(result.stderr)


def test_activations_of_layers_whose_names_look_like_paths(run):
    names = ["../../up", "/abs", "x.npy", "x", "block/conv"]
    layers = [Flatten("flatten"), *(Identity(name) for name in names)]
    layers += [Dense("logits", np.zeros((2, 48)), np.zeros(2)), Softmax("output")]
    save_model(Network(layers, (3, 4, 4), ["one", "two"]), run.folder / "paths.npz")
    succeeds(run("activations", "--model", "paths.npz", "a.png", "-o", "out.npz"))
    with zipfile.ZipFile(run.folder / "out.npz") as archive:
        archive.extractall(run.folder / "deep" / "unpacked")
    assert len([path for path in (run.folder / "deep" / "unpacked").rglob("*") if path.is_file()]) == 8
    with np.load(run.folder / "out.npz") as arrays:
        for name in ("x", "block/conv", "flatten", "x%2Enpy", member_name("/abs")):
            assert arrays[name].shape == (48,)


# Pipes, devices and folders


@pytest.mark.parametrize("slow", [False, True])
def test_a_model_and_a_picture_come_through_pipes(run, slow):
    """As `<(...)` and /dev/stdin give them; whoever writes may take time to begin."""
    for option, file in (("--model", "model.npz"), ("", "a.png")):
        others = ["--model", "model.npz"] if not option else ["a.png"]
        command = [
            sys.executable,
            "-m",
            "pycnn",
            "classify",
            *others,
            *([option] if option else []),
            "/dev/stdin",
        ]
        waited = "sleep 2; " if slow else ""
        result = subprocess.run(
            ["sh", "-c", f'({waited}cat {file}) | "$@"', "sh", *command],
            cwd=run.folder,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert result.stderr == ""
        assert result.returncode == 0


def test_a_named_pipe_that_somebody_writes_to_is_read(run):
    os.mkfifo(run.folder / "pipe")
    content = (run.folder / "model.npz").read_bytes()
    writer = threading.Thread(target=lambda: (run.folder / "pipe").write_bytes(content))
    writer.start()
    assert "147 parameters" in succeeds(run("describe", "--model", "pipe"))
    writer.join()


def test_what_would_be_waited_for_without_end(run):
    os.mkfifo(run.folder / "pipe")
    fails(run("describe", "--model", "pipe"), "Cannot read pipe: it is empty")
    fails(run("classify", "--model", "model.npz", "pipe"), "pipe: This file is empty.")
    for device in ("/dev/zero", "/dev/urandom", "/dev/null"):
        fails(run("describe", "--model", device), f"Cannot read {device}: Is a device, not a file.")
        fails(run("classify", "--model", "model.npz", device), "cannot be read (Is a device, not a file)")
    fails(run("describe", "--model", "."), "Cannot read .: Is a directory.")
    fails(run("classify", "--model", "model.npz", "."), "This is a folder, not a picture.")
    (run.folder / "loop").symlink_to("loop")
    fails(run("describe", "--model", "loop"), "Too many levels of symbolic links")
    fails(run("classify", "--model", "model.npz", "loop"), "Too many levels of symbolic links")
