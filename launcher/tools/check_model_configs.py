"""Counts what Hugging Face transformers builds from a config.json: the oracle of the reader of model configurations.

Every model is built on the meta device, so nothing is allocated; FLOPs are torch's own count of one forward pass.
Attention is the eager one and experts are batched, since the counter does not know the fused kernels. Writes JSON:

    python launcher/tools/check_model_configs.py > fixtures/model-figures.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import transformers
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

LONGEST = 2048
MOST_LABELS = 20


@dataclass(frozen=True)
class Case:
    """A published model (or a small one that bends the rules) as its class and the arguments of its configuration."""

    name: str
    model: str
    config: dict[str, Any]


def sizes(layers: int, hidden: int, heads: int, ffn: int, vocab: int, positions: int, **more: Any) -> dict[str, Any]:
    """The arguments that Llama's followers share."""
    return {
        "num_hidden_layers": layers,
        "hidden_size": hidden,
        "num_attention_heads": heads,
        "intermediate_size": ffn,
        "vocab_size": vocab,
        "max_position_embeddings": positions,
        **more,
    }


def gpt2(layers: int, hidden: int, heads: int, **more: Any) -> dict[str, Any]:
    """GPT-2's own names."""
    return {"n_layer": layers, "n_embd": hidden, "n_head": heads, **more}


def deepseek(layers: int, hidden: int, heads: int, ffn: int, vocab: int, **more: Any) -> dict[str, Any]:
    """Positions as in the published files; the ranks are the classes' defaults."""
    return sizes(layers, hidden, heads, ffn, vocab, 163840, num_key_value_heads=heads, **more)


def cases() -> Iterator[Case]:
    """Dimensions are those of the published config.json of each model."""
    yield Case("llama2-7b", "LlamaForCausalLM", sizes(32, 4096, 32, 11008, 32000, 4096))
    yield Case("llama2-13b", "LlamaForCausalLM", sizes(40, 5120, 40, 13824, 32000, 4096))
    yield Case("llama2-70b", "LlamaForCausalLM", sizes(80, 8192, 64, 28672, 32000, 4096, num_key_value_heads=8))
    yield Case("llama3-8b", "LlamaForCausalLM", sizes(32, 4096, 32, 14336, 128256, 8192, num_key_value_heads=8))
    yield Case("llama3-70b", "LlamaForCausalLM", sizes(80, 8192, 64, 28672, 128256, 8192, num_key_value_heads=8))
    yield Case("llama3-405b", "LlamaForCausalLM", sizes(126, 16384, 128, 53248, 128256, 131072, num_key_value_heads=8))
    tied = {"num_key_value_heads": 8, "tie_word_embeddings": True}
    yield Case("llama3-1b", "LlamaForCausalLM", sizes(16, 2048, 32, 8192, 128256, 131072, head_dim=64, **tied))
    yield Case("mistral-7b", "MistralForCausalLM", sizes(32, 4096, 32, 14336, 32000, 32768, num_key_value_heads=8))
    yield Case("mixtral-8x7b", "MixtralForCausalLM", sizes(32, 4096, 32, 14336, 32000, 32768, num_key_value_heads=8))
    yield Case("mixtral-8x22b", "MixtralForCausalLM", sizes(56, 6144, 48, 16384, 32000, 65536, num_key_value_heads=8))
    yield Case("qwen2.5-7b", "Qwen2ForCausalLM", sizes(28, 3584, 28, 18944, 152064, 131072, num_key_value_heads=4))
    yield Case("qwen2.5-72b", "Qwen2ForCausalLM", sizes(80, 8192, 64, 29568, 152064, 131072, num_key_value_heads=8))
    yield Case("qwen1.5-moe-a2.7b", "Qwen2MoeForCausalLM", sizes(24, 2048, 16, 5632, 151936, 8192))
    yield Case("qwen3-8b", "Qwen3ForCausalLM", sizes(36, 4096, 32, 12288, 151936, 40960, num_key_value_heads=8))
    yield Case("qwen3-32b", "Qwen3ForCausalLM", sizes(64, 5120, 64, 25600, 151936, 40960, num_key_value_heads=8))
    wide = {"num_key_value_heads": 4, "head_dim": 128}
    yield Case("qwen3-30b-a3b", "Qwen3MoeForCausalLM", sizes(48, 2048, 32, 6144, 151936, 40960, **wide))
    yield Case(
        "qwen3-235b-a22b",
        "Qwen3MoeForCausalLM",
        sizes(94, 4096, 64, 12288, 151936, 40960, moe_intermediate_size=1536, **wide),
    )
    yield Case(
        "deepseek-v2-lite",
        "DeepseekV2ForCausalLM",
        deepseek(27, 2048, 16, 10944, 102400, q_lora_rank=None, moe_intermediate_size=1408)
        | {"num_experts_per_tok": 6, "first_k_dense_replace": 1},
    )
    yield Case(
        "deepseek-v2",
        "DeepseekV2ForCausalLM",
        deepseek(60, 5120, 128, 12288, 102400, n_routed_experts=160, moe_intermediate_size=1536)
        | {"num_experts_per_tok": 6, "first_k_dense_replace": 1},
    )
    yield Case("deepseek-v3", "DeepseekV3ForCausalLM", deepseek(61, 7168, 128, 18432, 129280))
    yield Case("gpt2", "GPT2LMHeadModel", gpt2(12, 768, 12))
    yield Case("gpt2-medium", "GPT2LMHeadModel", gpt2(24, 1024, 16))
    yield Case("gpt2-large", "GPT2LMHeadModel", gpt2(36, 1280, 20))
    yield Case("gpt2-xl", "GPT2LMHeadModel", gpt2(48, 1600, 25))
    yield Case("gpt3-175b", "GPT2LMHeadModel", gpt2(96, 12288, 96, n_positions=2048))
    yield Case("bert-base", "BertForPreTraining", sizes(12, 768, 12, 3072, 30522, 512))
    yield Case("bert-large", "BertForPreTraining", sizes(24, 1024, 16, 4096, 30522, 512))
    image = {"image_size": 224, "num_labels": 1000}
    vit = {"num_hidden_layers": 12, "hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072}
    large = {"num_hidden_layers": 24, "hidden_size": 1024, "num_attention_heads": 16, "intermediate_size": 4096}
    huge = {"num_hidden_layers": 32, "hidden_size": 1280, "num_attention_heads": 16, "intermediate_size": 5120}
    yield Case("vit-b16", "ViTForImageClassification", {**image, **vit, "patch_size": 16})
    yield Case("vit-l16", "ViTForImageClassification", {**image, **large, "patch_size": 16})
    yield Case("vit-h14", "ViTForImageClassification", {**image, **huge, "patch_size": 14})
    yield Case("opt-6.7b", "OPTForCausalLM", opt(32, 4096, 32))
    yield Case("opt-66b", "OPTForCausalLM", opt(64, 9216, 72))
    yield Case("gpt-neox-20b", "GPTNeoXForCausalLM", sizes(44, 6144, 64, 24576, 50432, 2048))
    yield Case("gpt-oss-20b", "GptOssForCausalLM", {"num_hidden_layers": 24, "num_local_experts": 32})
    yield Case("gpt-oss-120b", "GptOssForCausalLM", {})
    yield Case("gemma-7b", "GemmaForCausalLM", sizes(28, 3072, 16, 24576, 256000, 8192, num_key_value_heads=16))
    yield Case("gemma2-9b", "Gemma2ForCausalLM", sizes(42, 3584, 16, 14336, 256000, 8192, num_key_value_heads=8))
    yield Case("phi3-mini", "Phi3ForCausalLM", sizes(32, 3072, 32, 8192, 32064, 4096))
    yield from odd_cases()


def opt(layers: int, hidden: int, heads: int) -> dict[str, Any]:
    """OPT's own names; embeddings as wide as the model."""
    shape = {"num_hidden_layers": layers, "hidden_size": hidden, "num_attention_heads": heads}
    return {**shape, "ffn_dim": 4 * hidden, "word_embed_proj_dim": hidden}


def odd_cases() -> Iterator[Case]:
    """Small models for what no published one shows."""
    small = sizes(4, 64, 4, 96, 100, 128)
    yield Case("odd-llama-biases", "LlamaForCausalLM", {**small, "attention_bias": True, "head_dim": 24})
    yield Case("odd-llama-mlp-bias", "LlamaForCausalLM", {**small, "mlp_bias": True, "num_key_value_heads": 2})
    yield Case("odd-llama-classifier", "LlamaForSequenceClassification", {**small, "num_labels": 7})
    yield Case("odd-llama-bare", "LlamaModel", small)
    yield Case("odd-qwen3-bias", "Qwen3ForCausalLM", {**small, "attention_bias": True, "num_key_value_heads": 2})
    experts = {"num_experts": 6, "num_experts_per_tok": 3, "moe_intermediate_size": 40}
    plain = {"decoder_sparse_step": 2, "mlp_only_layers": [1]}
    yield Case("odd-qwen3-moe-layers", "Qwen3MoeForCausalLM", {**small, **experts, **plain, "num_key_value_heads": 2})
    yield Case(
        "odd-qwen2-moe-layers",
        "Qwen2MoeForCausalLM",
        {**small, **experts, **plain, "shared_expert_intermediate_size": 56, "num_key_value_heads": 2},
    )
    ranks = {"q_lora_rank": 24, "kv_lora_rank": 16, "qk_nope_head_dim": 8, "qk_rope_head_dim": 4, "v_head_dim": 12}
    routed = {"n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 40, "n_shared_experts": 3}
    yield Case(
        "odd-deepseek-v3-bias",
        "DeepseekV3ForCausalLM",
        {**small, **ranks, **routed, "first_k_dense_replace": 2, "attention_bias": True, "n_group": 2, "topk_group": 1}
        | {"num_key_value_heads": 4},
    )
    yield Case("odd-gpt2-inner", "GPT2LMHeadModel", gpt2(2, 64, 4, n_inner=100, vocab_size=99, n_positions=32))
    yield Case("odd-gpt2-untied", "GPT2LMHeadModel", gpt2(2, 64, 4, vocab_size=99, tie_word_embeddings=False))
    yield Case("odd-bert-bare", "BertModel", {**small, "type_vocab_size": 5})
    yield Case("odd-bert-masked", "BertForMaskedLM", small)
    yield Case("odd-bert-classifier", "BertForSequenceClassification", {**small, "num_labels": 5})
    yield Case("odd-gemma3", "Gemma3ForCausalLM", {**small, "num_key_value_heads": 2, "head_dim": 24})
    yield Case("odd-phi3-grouped", "Phi3ForCausalLM", {**small, "num_key_value_heads": 2, "pad_token_id": 0})
    yield Case("odd-vit-bare", "ViTModel", {"image_size": 32, "patch_size": 8, "num_channels": 1, **vit_small()})


def vit_small() -> dict[str, int]:
    """A tiny image model."""
    return {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 96}


def figures(case: Case) -> dict[str, Any]:
    """What transformers builds from the configuration, as it would write it to disk."""
    model_class = getattr(transformers, case.model)
    config = model_class.config_class(**case.config, architectures=[case.model])
    written = json.loads(config.to_json_string(use_diff=True))
    if len(written.get("id2label", {})) > MOST_LABELS:
        written["num_labels"] = len(written.pop("id2label"))
        written.pop("label2id", None)
    config._attn_implementation = "eager"
    config._experts_implementation = "batched_mm"
    with torch.device("meta"):
        model: nn.Module = model_class(config).eval()
    inputs = example(config)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(**inputs)
    shape = list(next(iter(inputs.values())).shape)
    return {
        "name": case.name,
        "config": written,
        "parameters": sum(weight.numel() for _, weight in counted(model)),
        "input": shape,
        "matrixFlops": counter.get_total_flops(),
        "tensors": {name: weight.numel() for name, weight in counted(model)} if case.name.startswith("odd-") else None,
    }


def counted(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Parameters, and DeepSeek-V3's bias of the router: a buffer here, a published weight all the same."""
    yield from model.named_parameters()
    for name, buffer in model.named_buffers():
        if name.endswith("e_score_correction_bias"):
            yield name, buffer


def example(config: Any) -> dict[str, Tensor]:
    """One sequence of at most LONGEST tokens, or one image."""
    if hasattr(config, "image_size"):
        side = config.image_size
        return {"pixel_values": torch.empty(1, config.num_channels, side, side, device="meta")}
    seq = min(LONGEST, config.max_position_embeddings)
    return {"input_ids": torch.zeros(1, seq, dtype=torch.long, device="meta")}


def main() -> None:
    """Prints the figures of every case; a name on the command line picks some."""
    wanted = sys.argv[1:]
    chosen = [case for case in cases() if not wanted or case.name in wanted]
    made = []
    for case in chosen:
        print(case.name, file=sys.stderr)
        made.append(figures(case))
    versions = f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}"
    source = "launcher/tools/check_model_configs.py: built on the meta device, FLOPs by torch.utils.flop_counter"
    lines = ",\n".join(json.dumps(each) for each in made)
    head = json.dumps({"source": source, "versions": versions})[:-1]
    print(f'{head}, "models": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
