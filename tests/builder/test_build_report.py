"""The report of a site's size."""

import gzip
import random

from builder.report import print_sizes


def test_every_file_and_the_sum_are_given_raw_and_gzipped(tmp_path, capsys):
    contents = {"a.txt": b"again " * 100_000, "b/noise.bin": random.Random(0).randbytes(250_000)}
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    gzipped = [len(gzip.compress(content, 6)) for content in contents.values()]
    assert gzipped[0] < 10_000
    print_sizes(tmp_path, every_file=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[:-1]] == [
        ["bytes", "gzipped"],
        ["600000", str(gzipped[0]), "a.txt"],
        ["250000", str(gzipped[1]), "b/noise.bin"],
    ]
    assert lines[-1] == f"{tmp_path}: 2 files, 0.8 MB, gzipped 0.3 MB"
    print_sizes(tmp_path, every_file=False)
    assert capsys.readouterr().out.splitlines() == lines[-1:]
