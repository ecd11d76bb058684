"""Makes the ONNX files of `fixtures/` and their index (command and versions: fixtures/README.md).

Same versions, same bytes: weights are seeded and then dropped, paths and traces go, scales are set to one value.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from torch import Tensor, nn

from fixture_facts import matrix_flops, parameters, parameters_in_file
from fixture_models import EarlyExit, LanguageModel, ResNet
from slim_onnx import slim

OPSET = 20
LARGEST_FILE_BYTES = 200_000
SCALE = 2.0**-7
"""Stands for every calibrated scale, which would differ in its last bits from one processor to another."""


@dataclass(frozen=True)
class Fixture:
    """One network to export: how to build it, an example input, and what to say of it."""

    name: str
    build: Callable[[], nn.Module]
    example: Tensor
    source: str
    batch_name: str = ""
    quantised: bool = False


def main() -> None:
    """Write every fixture and the index of their facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("fixtures"), help="folder to write to")
    out: Path = parser.parse_args().out
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    out.mkdir(parents=True, exist_ok=True)
    index = [make(fixture, out) for fixture in fixtures()]
    (out / "index.json").write_bytes((json.dumps(index, indent=2) + "\n").encode())


def fixtures() -> list[Fixture]:
    """List the networks, in the order of the index."""
    ids, image = torch.zeros(1, 128, dtype=torch.long), torch.zeros(1, 3, 224, 224)
    return [
        Fixture(
            "gpt2-small",
            lambda: LanguageModel(layers=12, hidden=768, heads=12, vocab=50257, context=1024),
            ids,
            "GPT-2 small (12 layers, hidden 768, tied embeddings), batch 1, sequence 128",
        ),
        Fixture("resnet50", lambda: ResNet((3, 4, 6, 3)), image, "ResNet-50, batch 1, 224 x 224, batch norms folded"),
        Fixture(
            "moe-tiny",
            lambda: LanguageModel(layers=2, hidden=256, heads=4, vocab=8192, context=64, experts=8),
            ids[:, :64],
            "mixture of experts: 2 layers, hidden 256, 8 experts, top-2 with capacity 20, batch 1, sequence 64",
        ),
        Fixture("early-exit", EarlyExit, torch.zeros(4, 64), "one If, a cheap and a dear branch, free batch", "batch"),
        Fixture(
            "resnet14-int8",
            lambda: ResNet((1, 1, 1, 1)),
            image,
            "ResNet with one bottleneck a stage, quantised to int8 QDQ per channel by onnxruntime, scales set to 2^-7",
            quantised=True,
        ),
    ]


def make(fixture: Fixture, out: Path) -> dict[str, Any]:
    """Export one fixture, check it and return its entry in the index."""
    module = fixture.build().eval()
    scramble(module)
    exported = export(module, fixture)
    small = slim(quantise(exported, fixture.example) if fixture.quantised else exported, f"{fixture.name}.weights")
    known = _with_weights_as_inputs(small)
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(known, strict_mode=True, data_prop=True))
    path = out / f"{fixture.name}.onnx"
    path.write_bytes(small.SerializeToString(deterministic=True))
    counted = parameters(module)
    if parameters_in_file(small) != counted:
        raise SystemExit(f"{path}: torch counts {counted} parameters, the file holds {parameters_in_file(small)}")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise SystemExit(f"{path}: {path.stat().st_size} bytes")
    return {
        "name": fixture.name,
        "file": path.name,
        "bytes": path.stat().st_size,
        "ops": len(small.graph.node),
        "parameters": counted,
        "matrixFlops": matrix_flops(module, fixture.example),
        **({"bind": {fixture.batch_name: fixture.example.shape[0]}} if fixture.batch_name else {}),
        "source": f"{fixture.source}; torch.onnx.export of a random-weight module, weights dropped",
    }


def scramble(module: nn.Module) -> None:
    """Give every weight its own seeded values: the exporter merges equal ones, such as two biases of zeros."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(0, 0.02, generator=generator)


def export(module: nn.Module, fixture: Fixture) -> onnx.ModelProto:
    """Export with torch's dynamo exporter."""
    shapes = ({0: torch.export.Dim(fixture.batch_name)},) if fixture.batch_name else None
    with torch.no_grad():
        program = torch.onnx.export(
            module, (fixture.example,), dynamo=True, opset_version=OPSET, dynamic_shapes=shapes, verbose=False
        )
    assert program is not None
    return program.model_proto


def quantise(model: onnx.ModelProto, example: Tensor) -> onnx.ModelProto:
    """Quantise to int8 in QDQ form with one calibration input, then level what calibration found."""

    class OneInput(CalibrationDataReader):
        def __init__(self) -> None:
            self.inputs = iter([{model.graph.input[0].name: torch.ones_like(example).numpy()}])

        def get_next(self) -> dict[str, Any] | None:
            return next(self.inputs, None)

    with tempfile.TemporaryDirectory() as folder:
        full, quantised = Path(folder, "full.onnx"), Path(folder, "int8.onnx")
        onnx.save(model, full)
        quantize_static(full, quantised, OneInput(), per_channel=True, activation_type=QuantType.QInt8)
        levelled = onnx.load(quantised)
    quantisers = [n for n in levelled.graph.node if n.op_type in ("QuantizeLinear", "DequantizeLinear")]
    value = {n.input[1]: SCALE for n in quantisers} | {n.input[2]: 0 for n in quantisers if len(n.input) > 2}
    for tensor in levelled.graph.initializer:
        if tensor.name in value:
            array = onnx.numpy_helper.to_array(tensor).copy()
            array[...] = value[tensor.name]
            tensor.CopyFrom(onnx.numpy_helper.from_array(array, tensor.name))
    return levelled


def _with_weights_as_inputs(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy whose missing weights are declared inputs, which is all that a checker can know of them."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    kept = [t for t in copy.graph.initializer if t.data_location != onnx.TensorProto.EXTERNAL]
    for tensor in copy.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            copy.graph.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    del copy.graph.initializer[:]
    copy.graph.initializer.extend(kept)
    return copy


if __name__ == "__main__":
    main()
