"""Writes the orders of actions that PyTorch's pipeline schedules run, one CSV a case: python write_orders.py FOLDER [all].

Without `all`, the few cases kept beside this file; with it, the grid that bench/pipeline-schedules.mjs compares. Needs torch >= 2.13 (CPU).
GPipe and 1F1B are watched while they run, for the order they state is not the one they run on the last rank (torch 2.13).
"""

import csv
import logging
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

from torch.distributed.pipelining import schedules

logging.disable(logging.WARNING)

KEPT = [
    ("GPipe", 3, 1, 4),
    ("1F1B", 4, 1, 8),
    ("Interleaved1F1B", 4, 2, 8),
    ("Interleaved1F1B", 4, 2, 10),
    ("Interleaved1F1B", 3, 3, 2),
    ("LoopedBFS", 3, 2, 4),
    ("InterleavedZeroBubble", 4, 1, 8),
    ("InterleavedZeroBubble", 4, 2, 8),
    ("InterleavedZeroBubble", 3, 2, 8),
    ("ZBVZeroBubble", 4, 2, 8),
    ("ZBVZeroBubble", 4, 2, 5),
    ("DualPipeV", 4, 2, 10),
    ("DualPipeV", 3, 2, 6),
]


def grid():
    for ranks in (1, 2, 3, 4, 5, 6, 8, 16):
        for microbatches in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 33, 64):
            yield "GPipe", ranks, 1, microbatches
            yield "ZBVZeroBubble", ranks, 2, microbatches
            if microbatches >= ranks:
                yield "1F1B", ranks, 1, microbatches
            if microbatches >= 2 * ranks:
                yield "DualPipeV", ranks, 2, microbatches
            for chunks in (1, 2, 3, 4):
                yield "LoopedBFS", ranks, chunks, microbatches
                if microbatches % max(1, microbatches // ranks) == 0:
                    yield "Interleaved1F1B", ranks, chunks, microbatches
                    yield "InterleavedZeroBubble", ranks, chunks, microbatches


class WatchedStage:
    """Stands for a stage that neither computes nor sends and notes what it is asked to run."""

    def __init__(self, rank):
        self.stage_index = rank
        self.order = []

    def forward_one_chunk(self, microbatch, *_, **__):
        self.order.append(f"{self.stage_index}F{microbatch}")

    def backward_one_chunk(self, microbatch, *_, **__):
        self.order.append(f"{self.stage_index}B{microbatch}")

    def __getattr__(self, name):
        return lambda *_, **__: []


def watched(cls, ranks, microbatches, rank):
    schedule = object.__new__(cls)
    schedule._stage = WatchedStage(rank)
    schedule._num_stages = ranks
    schedule._n_microbatches = microbatches
    schedule.scale_grads = False
    schedule._check_inputs = lambda *_: ([()] * microbatches, [{}] * microbatches)
    for name in ("_initialize_stage", "_maybe_compute_loss", "_maybe_get_loss", "_update_losses"):
        setattr(schedule, name, lambda *_, **__: None)
    schedule._step_microbatches()
    return schedule._stage.order


def written(cls, ranks, chunks, microbatches):
    schedule = object.__new__(cls)
    rounds = max(1, microbatches // ranks)
    vars(schedule).update(
        pp_group_size=ranks,
        n_local_stages=chunks,
        num_stages=ranks * chunks,
        _stages=[SimpleNamespace()] * chunks,
        _num_stages=ranks * chunks,
        _n_microbatches=microbatches,
        number_of_rounds=rounds,
        microbatches_per_round=microbatches // rounds,
    )
    return [schedule._calculate_single_rank_operations(rank) for rank in range(ranks)]


def orders(name, ranks, chunks, microbatches):
    cls = schedules.get_schedule_class(name)
    if chunks == 1 and name in ("GPipe", "1F1B"):
        return [watched(cls, ranks, microbatches, rank) for rank in range(ranks)]
    return written(cls, ranks, chunks, microbatches)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    counts = defaultdict(int)
    for name, ranks, chunks, microbatches in grid() if "all" in sys.argv else KEPT:
        path = folder / f"{name}-{ranks}-{chunks}-{microbatches}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(orders(name, ranks, chunks, microbatches))
        counts[name] += 1
    print(dict(counts))


if __name__ == "__main__":
    main()
