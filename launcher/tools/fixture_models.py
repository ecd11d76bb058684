"""The networks behind the shipped fixtures, as plain torch modules: real shapes, no trained weights."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Projection(nn.Module):
    """A linear layer that keeps its weight as [in, out], the layout of GPT-2's published weights."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inside, outside))
        self.bias = nn.Parameter(torch.empty(outside))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight + self.bias


class Attention(nn.Module):
    """Self-attention with one fused projection, written with plain matrix products."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_attn = Projection(hidden, 3 * hidden)
        self.c_proj = Projection(hidden, hidden)

    def forward(self, x: Tensor, masked: Tensor) -> Tensor:
        batch, seq, hidden = x.shape
        parts = self.c_attn(x).split(hidden, dim=2)
        query, key, value = (p.view(batch, seq, self.heads, -1).transpose(1, 2) for p in parts)
        scores = query @ key.transpose(2, 3) / math.sqrt(hidden // self.heads)
        mixed = scores.masked_fill(masked, float("-inf")).softmax(dim=3) @ value
        return self.c_proj(mixed.transpose(1, 2).reshape(batch, seq, hidden))


class Mlp(nn.Module):
    """The dense feed-forward half of a GPT-2 block."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.c_fc = Projection(hidden, 4 * hidden)
        self.c_proj = Projection(4 * hidden, hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class ExpertMlp(nn.Module):
    """Top-2 experts with a fixed capacity: tokens are gathered into one [experts, capacity, hidden] buffer.

    Source: GShard (arXiv 2006.16668), section 2.2; the fixed capacity gives every tensor a static shape.
    """

    def __init__(self, hidden: int, experts: int) -> None:
        super().__init__()
        self.router = Projection(hidden, experts)
        self.up = nn.Parameter(torch.empty(experts, hidden, 4 * hidden))
        self.down = nn.Parameter(torch.empty(experts, 4 * hidden, hidden))

    def forward(self, x: Tensor) -> Tensor:
        experts, top_k = self.up.shape[0], 2
        tokens = x.reshape(-1, x.shape[2])
        capacity = math.ceil(1.25 * tokens.shape[0] * top_k / experts)
        weights, chosen = self.router(tokens).softmax(dim=1).topk(top_k, dim=1)
        picks = F.one_hot(chosen.reshape(-1), experts)
        rank = (picks.cumsum(dim=0) * picks).sum(dim=1) - 1
        seats = (rank[:, None] == torch.arange(capacity, device=x.device)).to(x.dtype)
        dispatch = (picks.to(x.dtype)[:, :, None] * seats[:, None, :]).view(-1, top_k, experts * capacity)
        buffer = (dispatch.sum(dim=1).t() @ tokens).view(experts, capacity, -1)
        made = torch.bmm(F.gelu(torch.bmm(buffer, self.up)), self.down).view(experts * capacity, -1)
        return ((dispatch * weights[:, :, None]).sum(dim=1) @ made).view(x.shape)


class Block(nn.Module):
    """One pre-norm transformer block around any feed-forward module."""

    def __init__(self, hidden: int, heads: int, mlp: nn.Module) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.attn = Attention(hidden, heads)
        self.mlp = mlp

    def forward(self, x: Tensor, masked: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x), masked)
        return x + self.mlp(self.ln_2(x))


class Decoder(nn.Module):
    """Token and position tables, blocks and the last norm; `experts` > 0 makes each block a mixture of experts."""

    def __init__(self, layers: int, hidden: int, heads: int, vocab: int, context: int, experts: int) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, hidden), nn.Embedding(context, hidden)
        mlps = (ExpertMlp(hidden, experts) if experts else Mlp(hidden) for _ in range(layers))
        self.h = nn.ModuleList(Block(hidden, heads, mlp) for mlp in mlps)
        self.ln_f = nn.LayerNorm(hidden)

    def forward(self, input_ids: Tensor) -> Tensor:
        seq, device = input_ids.shape[1], input_ids.device
        masked = torch.ones(seq, seq, dtype=torch.bool, device=device).triu(1)
        x = self.wte(input_ids) + self.wpe(torch.arange(seq, device=device))
        for block in self.h:
            x = block(x, masked)
        return self.ln_f(x)


class LanguageModel(nn.Module):
    """A decoder whose output head is tied to its token table, as in GPT-2."""

    def __init__(self, layers: int, hidden: int, heads: int, vocab: int, context: int, experts: int = 0) -> None:
        super().__init__()
        self.transformer = Decoder(layers, hidden, heads, vocab, context, experts)
        self.lm_head = nn.Linear(hidden, vocab, bias=False)
        self.lm_head.weight = self.transformer.wte.weight

    def forward(self, input_ids: Tensor) -> Tensor:
        return self.lm_head(self.transformer(input_ids))


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 convolutions with a shortcut (He et al. 2015, figure 5), the stride on the 3x3."""

    def __init__(self, inside: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inside, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inside != 4 * width:
            shortcut = nn.Conv2d(inside, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(4 * width))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet(nn.Module):
    """A bottleneck ResNet for 1,000 classes; depths (3, 4, 6, 3) is ResNet-50 (He et al. 2015, table 1)."""

    def __init__(self, depths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        inside = 64
        for stage, depth in enumerate(depths):
            width, blocks = 64 << stage, []
            for block in range(depth):
                blocks.append(Bottleneck(inside, width, 2 if stage and block == 0 else 1))
                inside = 4 * width
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inside, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in range(1, 5):
            x = self.get_submodule(f"layer{stage}")(x)
        return self.fc(x.mean(dim=(2, 3)))


class EarlyExit(nn.Module):
    """A classifier that leaves by a cheap head when a gate says so: one If, whose branches cost differently."""

    def __init__(self, features: int = 64, classes: int = 10) -> None:
        super().__init__()
        self.trunk = nn.Linear(features, features)
        self.gate = nn.Linear(features, 1)
        self.shallow = nn.Linear(features, classes)
        self.deep = nn.Sequential(nn.Linear(features, 4 * features), nn.ReLU(), nn.Linear(4 * features, classes))

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.trunk(x))
        return torch.cond(self.gate(x).mean() > 0, self.shallow, self.deep, (x,))
