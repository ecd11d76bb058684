"""Makes small ONNX models with known shapes and work, to hold an ONNX reader against: `python make_onnx_oracle.py --out FOLDER`.

The shapes and types come from onnx.shape_inference, after the free dimensions are bound, and where a model can be run
on zeros, from onnx's reference evaluator or ONNX Runtime; operations are counted by onnx_flops.py. The files themselves
state no shape but those of their inputs. --fixture FILE writes what the tests read.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
from onnx import ModelProto, ValueInfoProto
from onnx.reference import ReferenceEvaluator

from onnx_flops import DOCS, PRODUCTS, Count, Node, Shape, count, read_table

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
    stated: dict[str, Known]
    """Outputs whose shape the case itself states, for want of anybody else who knows."""


def main() -> None:
    """Write one file a case and an index of what every tensor that a node makes must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--fixture", type=Path, help="file to write all of it to, one form of each model")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    table = read_table(DOCS.read_text())
    index: list[dict[str, Any]] = []
    fixture = []
    for case in read_cases(CASES.read_text()):
        (out / f"{case.name}.onnx").write_bytes(case.model.SerializeToString(deterministic=True))
        bound = bind(case.model, case.bind)
        ran = evaluated(bound)
        outputs = {name: agreed(case, name, known, ran.get(name)) for name, known in inferred(bound).items()} | case.stated
        flops = counted(bound, outputs, table)
        known = {"bind": case.bind, "outputs": outputs, "flops": flops}
        index.append({"file": f"{case.name}.onnx", "evaluated": bool(ran)} | known)
        if not case.name.endswith("-raw"):
            model = base64.b64encode(case.model.SerializeToString(deterministic=True)).decode()
            fixture.append({"name": case.name, "model": model} | known)
    (out / "index.json").write_bytes((json.dumps(index, indent=1) + "\n").encode())
    print(f"{len(index)} models, {sum(len(each['flops']) for each in index)} nodes counted")
    if arguments.fixture:
        text = json.dumps(fixture, separators=(",", ":")).encode()
        arguments.fixture.write_bytes(gzip.compress(text, mtime=0))


def read_cases(text: str) -> list[Case]:
    """Parse the blocks of the case file."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    cases = []
    for block in filter(None, (block.strip() for block in "\n".join(lines).split("\n\n"))):
        head, graph = block.split("\n", 1)
        name, opset, *binds = head.split()
        try:
            model = onnx.parser.parse_model(f'<ir_version: {IR_VERSION}, opset_import: ["" : {opset}, "com.microsoft" : 1]> g {graph}')
        except onnx.parser.ParseError as error:
            raise SystemExit(f"{name}: {error}") from error
        sizes = {key: int(size) for key, size in (b.split("=") for b in binds)}
        stated = take_stated(model)
        cases.append(Case(name, sizes, model, stated))
        packed = ModelProto()
        packed.CopyFrom(model)
        if _pack(packed):
            cases.append(Case(f"{name}-raw", sizes, packed, stated))
    return cases


def take_stated(model: ModelProto) -> dict[str, Known]:
    """Take the shapes of outputs out of a model and return them."""
    stated = {}
    for value in model.graph.output:
        if value.type.tensor_type.HasField("shape"):
            stated[value.name] = _known(value)
            value.ClearField("type")
    return stated


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
    is_standard = all(onnx.defs.has(node.op_type, node.domain) for node in model.graph.node)
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=is_standard, data_prop=True).graph
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
    except Exception:  # an operator, or a version of it, that the evaluator lacks
        return _run(every, names, feeds)
    arrays = zip(names, made, strict=True)
    return {name: _made(array) for name, array in arrays if isinstance(array, np.ndarray | np.generic)}


def _run(model: ModelProto, names: list[str], feeds: dict[str, np.ndarray[Any, Any]]) -> dict[str, Known]:
    """Return what ONNX Runtime makes; nothing where it has no kernel either: inference stands alone."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
        made = session.run(names, feeds)
    except Exception as error:
        if os.environ.get("VERBOSE"):
            print(model.graph.node[0].op_type, str(error)[:300])
        return {}
    arrays = zip(names, made, strict=True)
    return {name: _made(array) for name, array in arrays if isinstance(array, np.ndarray)}


def _made(array: np.ndarray[Any, Any] | np.generic) -> Known:
    return {"dtype": _type_name(array.dtype), "shape": list(array.shape)}


def counted(model: ModelProto, outputs: dict[str, Known], table: dict[str, str]) -> dict[str, Count]:
    """Count every node by the name of its first output. What only constants and shapes decide costs nothing."""
    graph, opset = model.graph, model.opset_import[0].version
    known = {value.name: _known(value) for value in graph.input} | outputs
    known |= {each.name: {"dtype": _name_of(each.data_type), "shape": list(each.dims)} for each in graph.initializer}
    constants = {each.name for each in graph.initializer}
    counts: dict[str, Count] = {}
    for proto in graph.node:
        if any(attribute.HasField("g") for attribute in proto.attribute):
            continue
        node = Node(proto, opset, _shapes(known, proto.input), _shapes(known, proto.output))
        types = [known.get(name, {}).get("dtype") for name in (*proto.input[:1], *proto.output[:1])]
        node.casts = len(set(types)) > 1
        is_work = node.name in PRODUCTS or proto.op_type in RANDOM or proto.op_type.startswith(SEQUENCES)
        if proto.op_type in QUESTIONS or (not is_work and all(name in constants for name in proto.input if name)):
            constants.update(proto.output)
            counts[proto.output[0]] = (0, 0)
            continue
        try:
            counts[proto.output[0]] = count(node, table)
        except LookupError as error:
            print(f"{proto.op_type} of {proto.output[0]} is not counted: {error}")
    return counts


RANDOM = {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}
SEQUENCES = ("Sequence", "SplitToSequence", "ConcatFromSequence")
QUESTIONS = {"EyeLike", "Shape", "Size", "SequenceLength"}
"""What asks for a shape alone."""


def _shapes(known: dict[str, Known], names: Any) -> list[Shape | None]:
    return [known.get(name, {}).get("shape") for name in names]


def _name_of(data_type: int) -> str:
    return onnx.TensorProto.DataType.Name(data_type).lower()


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
