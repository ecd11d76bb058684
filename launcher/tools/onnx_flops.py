"""Counts the scalar operations of one ONNX node, from the operator's definition and the table of docs/onnx.md."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto

DOCS = Path(__file__).parents[2] / "docs" / "onnx.md"

Shape = Sequence[int]
Count = tuple[float, float]
"""All operations, and those of products."""


class Node:
    """A node with the shapes of its tensors, None where it has none there, and its attributes with their defaults."""

    def __init__(self, proto: NodeProto, opset: int, inputs: list[Shape | None], outputs: list[Shape | None]) -> None:
        self.proto, self.inputs, self.outputs, self.casts = proto, inputs, outputs, True
        self.name = f"{proto.domain}.{proto.op_type}" if proto.domain else proto.op_type
        self.attributes: dict[str, Any] = {}
        if not proto.domain and onnx.defs.has(proto.op_type):
            schema = onnx.defs.get_schema(proto.op_type, opset)
            for key, attribute in schema.attributes.items():
                if attribute.default_value.type:
                    self.attributes[key] = onnx.helper.get_attribute_value(attribute.default_value)
        for attribute in proto.attribute:
            self.attributes[attribute.name] = onnx.helper.get_attribute_value(attribute)

    def __call__(self, i: int) -> Shape:
        """Return the shape of an input."""
        shape = self.inputs[i]
        if shape is None:
            raise LookupError(f"{self.name} has no input {i}")
        return shape

    def has(self, i: int) -> bool:
        """Say whether an input is given."""
        return i < len(self.proto.input) and self.proto.input[i] != ""

    def at(self, name: str, otherwise: Any) -> Any:
        """Return an attribute."""
        return self.attributes.get(name, otherwise)

    @property
    def out(self) -> int:
        """Elements of the first output."""
        if self.outputs[0] is None:
            raise LookupError(f"the shape of {self.proto.output[0]} is not known")
        return prod(self.outputs[0])


def count(node: Node, table: Mapping[str, str]) -> Count:
    """Return the operations of a node: by its own definition here, else by the formula of the documents."""
    if node.name in PRODUCTS:
        return PRODUCTS[node.name](node)
    if node.name in OTHERS:
        return OTHERS[node.name](node), 0
    tree = ast.parse(table[node.name], mode="eval")
    elements = [None if shape is None else prod(shape) for shape in node.inputs]
    names = {"inputs": len(node.proto.input), "prod": prod, "max": max, "ceil": math.ceil, "log2": math.log2}
    names |= {f"in{i}": size for i, size in enumerate(elements)} | {"in_": elements[0] if elements else None}
    if any(isinstance(part, ast.Name) and part.id == "out" for part in ast.walk(tree)):
        names["out"] = node.out
    return eval(compile(tree, "docs", "eval"), {"__builtins__": {}}, names | node.attributes), 0


def read_table(text: str) -> dict[str, str]:
    """Return the formula of each operator of docs/onnx.md; what it tells in words is left out."""
    formulas = {}
    domain = ""
    for line in text[text.index("## Operators") : text.index("## Weights")].splitlines():
        head = re.match(r"\| (ai\.onnx|com\.microsoft) \| flops", line)
        if head:
            domain = "" if head[1] == "ai.onnx" else f"{head[1]}."
        row = re.fullmatch(r"\| (.+) \| `([^`]+)` \|", line)
        for name in row[1].split(", ") if row else []:
            formulas[domain + name.split(" ")[0]] = re.sub(r"\bin\b", "in_", row[2]) if row else ""
    return formulas


def multiply_adds(equation: str, *shapes: Shape) -> float:
    """Count the terms of a sum of products: that is what it is when all operands are ones."""
    return float(np.einsum(equation, *(np.ones(shape) for shape in shapes)).sum())


def matmul(a: Shape, b: Shape) -> float:
    """Count the multiply-adds of numpy's matrix product."""
    return float(np.matmul(np.ones(a), np.ones(b)).sum())


def turned(shape: Shape, batch: int, last: int) -> Shape:
    """Return the shape of an operand of FusedMatMul as its product sees it."""
    array = np.ones(shape)
    array = np.moveaxis(array, 0, -2) if batch else array
    return (np.swapaxes(array, -1, -2) if last else array).shape


def product_of(a: int, b: int) -> Callable[[Node], Count]:
    """Count a plain product of two inputs."""

    def run(n: Node) -> Count:
        flops = 2 * matmul(n(a), n(b))
        return flops, flops

    return run


def fused_matmul(n: Node) -> Count:
    """Count a product of operands that are turned on the way in."""
    a = turned(n(0), n.at("transBatchA", 0), n.at("transA", 0))
    b = turned(n(1), n.at("transBatchB", 0), n.at("transB", 0))
    flops = 2 * matmul(a, b)
    return flops, flops


def gemm(a: int, b: int, bias: int | None) -> Callable[[Node], Count]:
    """Count a product of two matrices, and what is added to it."""

    def run(n: Node) -> Count:
        left = n(a)[::-1] if n.at("transA", 0) else n(a)
        right = n(b)[::-1] if n.at("transB", 0) else n(b)
        flops = 2 * matmul(left, right)
        return flops + (n.out if bias is not None and n.has(bias) else 0), flops

    return run


def few_bits(n: Node) -> Count:
    """Count a product with weights that are scaled on the way in."""
    rows, k, columns = prod(n(0)[:-1]), n.at("K", 0), n.at("N", 0)
    flops = 2 * matmul((rows, k), (k, columns))
    return flops + 2 * k * columns, flops


def einsum(n: Node) -> Count:
    """Count operand by operand, from the left; a step that sums nothing is an elementwise product."""
    equation = n.at("equation", b"").decode().replace(" ", "")
    array = [np.ones(n(i)) for i in range(len(n.proto.input))]
    if "..." in equation:
        rank = max(a.ndim - len(t.replace("...", "")) for a, t in zip(array, equation.split("->")[0].split(","), strict=True))
        equation = equation.replace("...", "ZYXW"[:rank])
    left, _, right = equation.partition("->")
    terms = left.split(",")
    if "->" not in equation:
        right = "".join(sorted(c for c in set(left) - {","} if left.count(c) == 1))
    size = {label: extent for a, t in zip(array, terms, strict=True) for label, extent in zip(t, a.shape, strict=True)}
    if len(terms) == 1:
        return (prod(array[0].shape) if set(terms[0]) != set(right) else 0), 0
    flops = products = 0.0
    held = set(terms[0])
    for i, term in enumerate(terms[1:], 1):
        joint = held | set(term)
        held = joint & (set(right) | set("".join(terms[i + 1 :])))
        terms_of_sum = prod(size[label] for label in joint)
        flops += terms_of_sum * (2 if held < joint else 1)
        products += terms_of_sum * 2 if held < joint else 0
    return flops, products


def convolution(weight: int, bias: int | None) -> Callable[[Node], Count]:
    """Count every output element's taps, of all channels of its group; a tap on padding is a tap."""

    def run(n: Node) -> Count:
        x, w = n(0), n(weight)
        group = n.at("group", 1) if weight != 1 or n.name != "CausalConvWithState" else x[1]
        taps = x[1] // group * prod(w[2:])
        flops = 2 * n.out * taps
        return flops + (n.out if bias is not None and n.has(bias) else 0), flops

    return run


def transposed(n: Node) -> Count:
    """Count what every input element is multiplied by: the taps to all output channels of its group."""
    flops = 2 * prod(n(0)) * n(1)[1] * prod(n(1)[2:])
    return flops + (n.out if n.has(2) else 0), flops


def recurrent(gates: int, quantised: bool = False) -> Callable[[Node], Count]:
    """Count, in each direction and step, the product of every gate with the input and with the hidden state."""

    def run(n: Node) -> Count:
        steps, batch, size = n(0)
        directions, hidden = n(2)[0], n(2)[1 if quantised else 2]
        step = matmul((batch, size), (size, gates * hidden)) + matmul((batch, hidden), (hidden, gates * hidden))
        flops = 2 * directions * steps * step
        if n.at("layout", 0):
            steps, batch = batch, steps
        return flops + directions * steps * batch * hidden * (4 * gates + 3), flops

    return run


def attended(batch: int, heads: int, queries: int, keys: int, key_size: int, value_size: int, before: float = 0) -> Count:
    """Count queries x keys and weights x values, and scale, mask and softmax of the scores."""
    scores = multiply_adds("bhqd,bhkd->bhqk", (batch, heads, queries, key_size), (batch, heads, keys, key_size))
    values = multiply_adds("bhqk,bhkv->bhqv", (batch, heads, queries, keys), (batch, heads, keys, value_size))
    flops = before + 2 * (scores + values)
    return flops + 7 * batch * heads * queries * keys, flops


def split(shape: Shape, heads: int) -> Shape:
    """Return [batch, heads, length, size] of either layout."""
    return shape if len(shape) == 4 else (shape[0], heads, shape[1], shape[2] // heads)


def attention(n: Node) -> Count:
    """Count ai.onnx's Attention."""
    q, k, v = (split(n(i), n.at("q_num_heads" if i == 0 else "kv_num_heads", 0)) for i in range(3))
    return attended(q[0], q[1], q[2], k[2] + (n(4)[2] if n.has(4) else 0), q[3], v[3])


def projected(past: int) -> Callable[[Node], Count]:
    """Count com.microsoft's Attention: the input is projected to queries, keys and values first."""

    def run(n: Node) -> Count:
        (batch, length, _), columns, heads = n(0), n(1)[1], n.at("num_heads", 1)
        sizes = n.at("qkv_hidden_sizes", [columns // 3] * 3)
        keys = length + (n(past)[3] if n.has(past) else 0)
        before = 2 * matmul(n(0), n(1))
        return attended(batch, heads, length, keys, sizes[0] // heads, sizes[2] // heads, before)

    return run


def multi_head(n: Node) -> Count:
    """Count MultiHeadAttention with queries, keys and values apart."""
    heads = n.at("num_heads", 1)
    q, k, v = (split(n(i), heads) for i in range(3))
    return attended(q[0], heads, q[2], k[2] + (n(6)[2] if n.has(6) else 0), q[3], v[3])


def grouped_query(n: Node) -> Count:
    """Count GroupQueryAttention; the model says by the cache that it returns how long keys are."""
    heads = n.at("num_heads", 1)
    keys = n.outputs[1]
    if keys is None:
        raise LookupError("the cache is not known")
    return attended(n(0)[0], heads, n(0)[1], keys[2], keys[3], keys[3])


def linear_attention(n: Node) -> Count:
    """Count, token by token: key x value into the state, query x state out of it; the delta rules ask it for the key too."""
    batch, length, width = n(0)
    heads, kv_heads = n.at("q_num_heads", 0), n.at("kv_num_heads", 0)
    key, value = width // heads, n(2)[2] // kv_heads
    outer = multiply_adds("k,v->kv", (key,), (value,))
    asks = 2 if "delta" in n.at("update_rule", b"").decode() else 1
    flops = 2 * batch * length * outer * (heads + asks * kv_heads)
    return flops, flops


def experts(weights: Sequence[int], per_byte: int) -> Callable[[Node], Count]:
    """Count the products of each token with the matrices of k experts."""

    def run(n: Node) -> Count:
        tokens = prod(n(0)[:-1])
        matrices = sum(prod(n(i)[1:]) * per_byte for i in weights if n.has(i))
        flops = 2 * tokens * n.at("k", 1) * matrices
        return flops, flops

    return run


def fourier(n: Node) -> float:
    """Count DFT along its axis, by n log n."""
    opset_20 = n.has(2)
    axis = -2 if opset_20 else n.at("axis", 1)
    points = n(0)[axis]
    return 5 * points * math.log2(max(2, points)) * prod(n(0)[:-1]) / points


def short_fourier(n: Node) -> float:
    """Count STFT: a window and a transform for each frame."""
    points = n(2)[0]
    shape = n.outputs[0]
    if shape is None:
        raise LookupError("the number of frames is not known")
    return shape[0] * shape[1] * (5 * points * math.log2(max(2, points)) + points)


def resized(n: Node) -> float:
    """Count taps: 2, or 4 where cubic, in each dimension that changes; a multiply and an add each."""
    mode = n.at("mode", b"nearest").decode()
    if mode == "nearest":
        return 0
    changed = sum(a != b for a, b in zip(n(0), n.outputs[0] or (), strict=True))
    return 2 * n.out * (4 if mode == "cubic" else 2) ** changed


def scattered(n: Node) -> float:
    """Count one operation for each update that is reduced into the data."""
    return 0 if n.at("reduction", b"none") == b"none" else prod(n(2))


OTHERS: Mapping[str, Callable[[Node], float]] = {
    "Cast": lambda n: n.out if n.casts else 0,
    "CastLike": lambda n: n.out if n.casts else 0,
    "AffineGrid": lambda n: 2 * n.out * n(0)[-1],
    "DFT": fourier,
    "Det": lambda n: 2 / 3 * n(0)[-1] ** 3 * prod(n(0)[:-2]),
    "GridSample": lambda n: 2 * n.out * 2 ** (len(n(0)) - 2),
    "NonMaxSuppression": lambda n: 12 * n(0)[0] * n(1)[1] * n(0)[1] ** 2,
    "Resize": resized,
    "STFT": short_fourier,
    "Scatter": scattered,
    "ScatterElements": scattered,
    "ScatterND": scattered,
    "TensorScatter": scattered,
    "TopK": lambda n: prod(n(0)) * max(1, math.ceil(math.log2(1 + (n.outputs[0] or n(0))[n.at("axis", -1)]))),
    "Upsample": resized,
    "com.microsoft.Inverse": lambda n: 2 * n(0)[-1] ** 3 * prod(n(0)[:-2]),
}

PRODUCTS: Mapping[str, Callable[[Node], Count]] = {
    "Attention": attention,
    "CausalConvWithState": convolution(1, 2),
    "Conv": convolution(1, 2),
    "ConvInteger": convolution(1, None),
    "ConvTranspose": transposed,
    "DeformConv": convolution(1, 3),
    "Einsum": einsum,
    "GRU": recurrent(3),
    "Gemm": gemm(0, 1, 2),
    "LSTM": recurrent(4),
    "LinearAttention": linear_attention,
    "MatMul": product_of(0, 1),
    "MatMulInteger": product_of(0, 1),
    "QLinearConv": convolution(3, 8),
    "QLinearMatMul": product_of(0, 3),
    "RNN": recurrent(1),
    "com.microsoft.Attention": projected(4),
    "com.microsoft.DynamicQuantizeLSTM": recurrent(4, quantised=True),
    "com.microsoft.DynamicQuantizeMatMul": product_of(0, 1),
    "com.microsoft.FusedConv": convolution(1, 2),
    "com.microsoft.FusedGemm": gemm(0, 1, 2),
    "com.microsoft.FusedMatMul": fused_matmul,
    "com.microsoft.GroupQueryAttention": grouped_query,
    "com.microsoft.MatMulBnb4": few_bits,
    "com.microsoft.MatMulInteger16": product_of(0, 1),
    "com.microsoft.MatMulIntegerToFloat": product_of(0, 1),
    "com.microsoft.MatMulNBits": few_bits,
    "com.microsoft.MoE": experts((2, 4, 6), 1),
    "com.microsoft.MultiHeadAttention": multi_head,
    "com.microsoft.QAttention": projected(8),
    "com.microsoft.QGemm": gemm(0, 3, None),
    "com.microsoft.QMoE": experts((2, 5, 8), 2),
    "com.microsoft.TransposeMatMul": fused_matmul,
}
