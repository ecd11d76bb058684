"""Makes small ONNX models with known shapes, to hold an ONNX reader against: `python make_onnx_oracle.py --out FOLDER`.

The shapes and types come from onnx.shape_inference, after the free dimensions are bound, and where a model can be run
on zeros, from onnx's reference evaluator. The files themselves state no shape but those of their inputs.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, ValueInfoProto
from onnx.reference import ReferenceEvaluator

IR_VERSION = 10
CASES = Path(__file__).with_name("onnx_oracle_cases.txt")

Known = dict[str, Any]
"""Of one tensor: dtype, and shape with null for a dimension that nothing tells."""


@dataclass(frozen=True)
class Case:
    """One model to make, its free dimensions and their values."""

    name: str
    bind: dict[str, int]
    model: ModelProto


def main() -> None:
    """Write one file a case and an index of what every tensor that a node makes must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    index = []
    for case in read_cases(CASES.read_text()):
        (out / f"{case.name}.onnx").write_bytes(case.model.SerializeToString(deterministic=True))
        bound = bind(case.model, case.bind)
        ran = evaluated(bound)
        outputs = {name: agreed(case, name, known, ran.get(name)) for name, known in inferred(bound).items()}
        index.append({"file": f"{case.name}.onnx", "bind": case.bind, "evaluated": bool(ran), "outputs": outputs})
    (out / "index.json").write_bytes((json.dumps(index, indent=1) + "\n").encode())
    print(f"{len(index)} models")


def read_cases(text: str) -> list[Case]:
    """Parse the blocks of the case file."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    cases = []
    for block in filter(None, (block.strip() for block in "\n".join(lines).split("\n\n"))):
        head, graph = block.split("\n", 1)
        name, opset, *binds = head.split()
        try:
            model = onnx.parser.parse_model(f'<ir_version: {IR_VERSION}, opset_import: ["" : {opset}]> g {graph}')
        except onnx.parser.ParseError as error:
            raise SystemExit(f"{name}: {error}") from error
        sizes = {key: int(size) for key, size in (b.split("=") for b in binds)}
        cases.append(Case(name, sizes, model))
        packed = ModelProto()
        packed.CopyFrom(model)
        if _pack(packed):
            cases.append(Case(f"{name}-raw", sizes, packed))
    return cases


def agreed(case: Case, name: str, says: Known, made: Known | None) -> Known:
    """Merge inference and evaluation of one tensor. What they disagree on is printed and left open: each has bugs."""
    if made is None or None in (says["shape"], says["dtype"]):
        return made or says
    same_type = says["dtype"] == made["dtype"]
    same_rank = len(says["shape"]) == len(made["shape"])
    if same_type and same_rank and all(a in (b, None) for a, b in zip(says["shape"], made["shape"], strict=True)):
        return made
    print(f"{case.name}: {name} is inferred as {says}, evaluated as {made}")
    return {"dtype": says["dtype"] if same_type else None, "shape": None}


def bind(model: ModelProto, sizes: dict[str, int]) -> ModelProto:
    """Return a copy whose free input dimensions have the given sizes."""
    bound = ModelProto()
    bound.CopyFrom(model)
    for value in bound.graph.input:
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param:
                dim.dim_value = sizes[dim.dim_param]
    return bound


def inferred(model: ModelProto) -> dict[str, Known]:
    """Return what strict shape inference with data propagation says of each node output."""
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    values = {value.name: value for value in (*graph.value_info, *graph.output)}
    names = [name for node in graph.node for name in node.output if name]
    return {name: _known(values[name]) if name in values else {"dtype": None, "shape": None} for name in names}


def evaluated(model: ModelProto) -> dict[str, Known]:
    """Return what the reference evaluator makes of zero inputs, for every node output; nothing where it cannot run."""
    feeds = {value.name: _zeros(value) for value in model.graph.input}
    names = [name for node in model.graph.node for name in node.output if name]
    every = ModelProto()
    every.CopyFrom(model)
    del every.graph.output[:]
    every.graph.output.extend(ValueInfoProto(name=name) for name in names)
    try:
        with np.errstate(all="ignore"):
            made = ReferenceEvaluator(every).run(None, feeds)
    except Exception:  # an operator version that the evaluator lacks: inference stands alone
        return {}
    arrays = zip(names, map(np.asarray, made), strict=True)
    return {name: {"dtype": _type_name(array.dtype), "shape": list(array.shape)} for name, array in arrays}


def _pack(model: ModelProto) -> bool:
    """Store the numbers of constants as raw bytes, as most exporters do, and return whether there were any."""
    attributes = [attribute.t for node in model.graph.node for attribute in node.attribute if attribute.HasField("t")]
    tensors = [*model.graph.initializer, *attributes]
    for tensor in tensors:
        tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor), tensor.name))
    return bool(tensors)


def _known(value: ValueInfoProto) -> Known:
    tensor = value.type.tensor_type
    shape = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    dtype = onnx.TensorProto.DataType.Name(tensor.elem_type).lower() if tensor.elem_type else None
    return {"dtype": dtype, "shape": shape if tensor.HasField("shape") else None}


def _type_name(dtype: np.dtype[Any]) -> str:
    return onnx.TensorProto.DataType.Name(onnx.helper.np_dtype_to_tensor_dtype(dtype)).lower()


def _zeros(value: ValueInfoProto) -> np.ndarray[Any, Any]:
    tensor = value.type.tensor_type
    shape = [dim.dim_value for dim in tensor.shape.dim]
    return np.zeros(shape, onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type))


if __name__ == "__main__":
    main()
