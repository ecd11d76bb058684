"""Measures what one training step of the fixtures keeps and computes, for `fixtures/training.json`.

Independent of stowage: FLOPs are counted in eager mode and once more in the exported joint graph, kept bytes by
autograd's own hooks. Command and versions: fixtures/README.md.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch._functorch.aot_autograd import aot_export_module
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from fixture_models import LanguageModel, ResNet


@dataclass(frozen=True)
class TrainingFact:
    """What a training graph made from the fixture's ONNX file should agree with."""

    name: str
    forwardMatrixFlops: int
    matrixFlops: int
    """Forward and backward, 2 x multiply-adds."""
    jointGraphMatrixFlops: int
    keptBytes: int
    """Unique storages saved for backward, parameters aside."""


class WithLoss(nn.Module):
    """A network and the cross-entropy over its last dimension: the loss that a training graph adds."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, target: Tensor) -> tuple[Tensor]:
        return (F.cross_entropy(self.network(x).flatten(0, -2), target),)


def main() -> None:
    """Write the facts of every network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("fixtures/training.json"), help="file to write")
    out: Path = parser.parse_args().out
    warnings.filterwarnings("ignore")
    facts = [measure(name, build, example) for name, build, example in networks()]
    out.write_bytes((json.dumps([asdict(fact) for fact in facts], indent=2) + "\n").encode())


def networks() -> list[tuple[str, Callable[[], nn.Module], Tensor]]:
    """List the networks of make_fixtures.py, batch norms folded into convolutions as the exporter folds them."""
    ids = torch.zeros(1, 128, dtype=torch.long)
    return [
        ("gpt2-small", lambda: LanguageModel(layers=12, hidden=768, heads=12, vocab=50257, context=1024), ids),
        ("resnet50", lambda: fold_norms(ResNet((3, 4, 6, 3)).eval()), torch.zeros(1, 3, 224, 224)),
        (
            "moe-tiny",
            lambda: LanguageModel(layers=2, hidden=256, heads=4, vocab=8192, context=64, experts=8),
            ids[:, :64],
        ),
    ]


def measure(name: str, build: Callable[[], nn.Module], example: Tensor) -> TrainingFact:
    """Run one step with hooks on what autograd saves, and count the joint graph's products."""
    torch.manual_seed(0)
    module = WithLoss(build())
    with torch.no_grad():
        for weight in module.parameters():
            weight.normal_(0, 0.02)
    rows = 1 if example.dim() == 4 else example.numel()
    target = torch.zeros(rows, dtype=torch.long)
    joint = joint_graph_flops(module, example, target)
    held = {t.untyped_storage().data_ptr() for t in [*module.parameters(), *module.buffers()]}
    saved: dict[int, torch.UntypedStorage] = {}

    def pack(tensor: Tensor) -> Tensor:
        # Held here too, so that no address is used twice.
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in held:
            saved[storage.data_ptr()] = storage
        return tensor

    with FlopCounterMode(display=False) as counter:
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            (loss,) = module(example, target)
        forward = counter.get_total_flops()
        loss.backward()
    without = [path for path, weight in module.named_parameters() if weight.grad is None]
    if without:
        raise SystemExit(f"{name}: no gradient reached {without}")
    return TrainingFact(name, forward, counter.get_total_flops(), joint, sum(s.nbytes() for s in saved.values()))


def joint_graph_flops(module: nn.Module, example: Tensor, target: Tensor) -> int:
    """Return the products in the joint graph that torch exports, by the counter's formulas on the graph's metadata."""
    inputs = (example, target)
    graph_module, signature = aot_export_module(module, inputs, trace_joint=True, output_loss_index=0)
    assert signature.backward_signature is not None and isinstance(graph_module, torch.fx.GraphModule)
    reached = set(signature.backward_signature.gradients_to_parameters.values())
    if not {path for path, _ in module.named_parameters()} <= reached:
        raise SystemExit("a parameter has no gradient in the joint graph")
    total = 0
    for node in graph_module.graph.nodes:
        formula = flop_registry.get(getattr(node.target, "overloadpacket", None))
        if node.op == "call_function" and formula is not None:
            args, kwargs = torch.fx.map_arg((node.args, node.kwargs), _value)
            total += formula(*args, **kwargs, out_val=node.meta["val"])
    return total


def _value(node: torch.fx.Node) -> Any:
    return node.meta["val"]


def fold_norms(module: nn.Module) -> nn.Module:
    """Fold each batch norm into the convolution before it, and train the result."""
    children = list(module.named_children())
    for _, child in children:
        fold_norms(child)
    for (first, convolution), (second, norm) in zip(children, children[1:], strict=False):
        if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            setattr(module, first, fuse_conv_bn_eval(convolution, norm).requires_grad_())
            setattr(module, second, nn.Identity())
    return module


if __name__ == "__main__":
    main()
