"""Turns an exported ONNX model into a small, reproducible file: the graph in full, the weights by reference only."""

from __future__ import annotations

from collections.abc import Iterator

import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto

KEPT_METADATA = ("namespace", "pkg.torch.onnx.name_scopes")
"""Module scopes and classes. The exporter's other entries hold machine paths, or repeat the graph as text."""

LARGEST_INLINE_BYTES = 128
"""Shape constants, axes and scalars stay in the file: shape inference needs them."""


def slim(model: ModelProto, location: str) -> ModelProto:
    """Return a copy without traces of this machine, its weights external data in `location`, which need not exist."""
    small = onnx.ModelProto()
    small.CopyFrom(model)
    del small.metadata_props[:]
    small.producer_version = ""
    small.doc_string = ""
    offset = 0
    for graph in graphs_of(small.graph):
        graph.doc_string = ""
        _keep_scopes(graph)
        for node in graph.node:
            node.doc_string = ""
            _keep_scopes(node)
        for value in (*graph.value_info, *graph.input, *graph.output):
            _keep_scopes(value)
        for tensor in graph.initializer:
            _keep_scopes(tensor)
            length = tensor_bytes(tensor)
            if length > LARGEST_INLINE_BYTES:
                _refer(tensor, location, offset, length)
                offset += length
    return small


def graphs_of(graph: GraphProto) -> Iterator[GraphProto]:
    """Yield the graph and every subgraph of its nodes, outermost first."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from graphs_of(attribute.g)


def tensor_bytes(tensor: TensorProto) -> int:
    """Bytes of a tensor's elements."""
    elements = 1
    for dim in tensor.dims:
        elements *= dim
    return elements * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize


def _refer(tensor: TensorProto, location: str, offset: int, length: int) -> None:
    data_type, dims, name = tensor.data_type, list(tensor.dims), tensor.name
    tensor.Clear()
    tensor.name, tensor.data_type = name, data_type
    tensor.dims.extend(dims)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", str(offset)), ("length", str(length))):
        tensor.external_data.add(key=key, value=value)


def _keep_scopes(holder: GraphProto | NodeProto | TensorProto | onnx.ValueInfoProto) -> None:
    kept = [(p.key, p.value) for p in holder.metadata_props if p.key in KEPT_METADATA]
    del holder.metadata_props[:]
    for key, value in kept:
        holder.metadata_props.add(key=key, value=value)
