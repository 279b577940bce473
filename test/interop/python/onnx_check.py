"""Checks every model by onnx.checker, and runs those of standard operators in onnx's reference implementation."""

import numpy
import onnx
from exchange import answer, folder, question
from onnx.reference import ReferenceEvaluator

NUMPY = {onnx.TensorProto.DOUBLE: numpy.float64, onnx.TensorProto.INT64: numpy.int64, onnx.TensorProto.STRING: object}


def column(value, cells):
    """One raw column as the [N, 1] tensor the model takes; null is a missing number."""
    kind = NUMPY[value.type.tensor_type.elem_type]
    if kind is numpy.float64:
        cells = [numpy.nan if cell is None else cell for cell in cells]
    if kind is numpy.int64:
        cells = [int(cell) for cell in cells]
    return numpy.array(cells, dtype=kind).reshape(-1, 1)


def examined(name):
    model = onnx.load(folder / name)
    contrib = sorted({node.op_type for node in model.graph.node if node.domain == "com.microsoft"})
    # full_check also infers every shape and type, which needs the schema of every operator.
    onnx.checker.check_model(model, full_check=not contrib)
    outputs = {}
    if not contrib:
        feeds = {value.name: column(value, question["columns"][value.name]) for value in model.graph.input}
        names = [output.name for output in model.graph.output if output.name != "label"]
        results = ReferenceEvaluator(model).run(names, feeds)
        outputs = {key: result.ravel().astype(float).tolist() for key, result in zip(names, results)}
    return {"contrib": contrib, "outputs": outputs, "opsets": {o.domain: o.version for o in model.opset_import}}


answer({name: examined(name) for name in question["models"]})
