"""What a reader of a fixture should find, counted without the reader: from torch, and once more from the ONNX file."""

from __future__ import annotations

from math import prod

from onnx import ModelProto, TensorProto
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from fixture_models import EarlyExit
from slim_onnx import graphs_of

QUANTISED = (TensorProto.INT8, TensorProto.UINT8, TensorProto.INT32)


def matrix_flops(module: nn.Module, example: Tensor) -> int:
    """Return 2 x multiply-adds of one forward pass, by torch's flop counter (it counts every product used here).

    The counter does not choose between the branches of torch.cond: the dearest is taken, per FORMATS.
    """
    if isinstance(module, EarlyExit):
        always = _counted(module.trunk, example) + _counted(module.gate, example)
        return always + max(_counted(module.shallow, example), _counted(module.deep, example))
    return _counted(module, example)


def parameters(module: nn.Module) -> int:
    """Return the elements of the weights that the exported file keeps.

    Tied weights once. The exporter folds each batch norm into its convolution, whose new bias takes the place of the
    norm's bias, so only the norm's weight goes.
    """
    folded = sum(m.weight.numel() for m in module.modules() if isinstance(m, nn.BatchNorm2d))
    return sum(p.numel() for p in module.parameters()) - folded


def parameters_in_file(model: ModelProto) -> int:
    """Return the same from the file: floating or dequantised initializers of rank >= 1, scales and zeros aside."""
    graphs = list(graphs_of(model.graph))
    nodes = [node for graph in graphs for node in graph.node]
    quantisers = [node for node in nodes if node.op_type in ("QuantizeLinear", "DequantizeLinear")]
    aside = {name for node in quantisers for name in node.input[1:]}
    dequantised = {node.input[0] for node in quantisers if node.op_type == "DequantizeLinear"}
    weights = [
        tensor
        for graph in graphs
        for tensor in graph.initializer
        if tensor.dims
        and tensor.name not in aside
        and (tensor.data_type == TensorProto.FLOAT or (tensor.data_type in QUANTISED and tensor.name in dequantised))
    ]
    return sum(prod(tensor.dims) for tensor in weights)


def _counted(module: nn.Module, example: Tensor) -> int:
    with FlopCounterMode(display=False) as counter:
        module(example)
    return counter.get_total_flops()
