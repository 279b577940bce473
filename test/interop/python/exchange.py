"""Questions and answers by way of files in one folder, given as the only argument."""

import json
import pathlib
import sys

import numpy

folder = pathlib.Path(sys.argv[1])
question = json.loads((folder / "question.json").read_text())


def matrix(name):
    """A table of float32 written by Node; NaN is a missing value."""
    shape = question["matrices"][name]
    return numpy.fromfile(folder / name, dtype="<f4").reshape(shape["rows"], shape["columns"])


def answer(value):
    (folder / "answer.json").write_text(json.dumps(value, allow_nan=False))
