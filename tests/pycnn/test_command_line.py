"""`python -m pycnn` as a user runs it: what it prints, where, and with which exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import oracle
import pytest
from PIL import Image

from pycnn import Dense, Flatten, Network, Softmax, default_model, load_model, save_model
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
        {"class_name": "Dense", "config": {"name": "output", "units": 1, "activation": "softmax"}},
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
