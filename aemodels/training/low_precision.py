"""A copy of a model whose weights are bf16, for the products of a step; the model keeps fp32."""

import copy
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

ModelT = TypeVar("ModelT", bound=nn.Module)


def copy_in_bf16(model: ModelT) -> tuple[ModelT, Callable[[], None]]:
    """A copy of the model in bf16, and what gives it the model's weights as they are now.

    Micikevicius et al. 2018, "Mixed precision training", section 3.1: the optimiser moves weights
    in fp32, which keep changes that bf16 would round away. Autocast would round each at every use.
    """
    twin = copy.deepcopy(model).to(torch.bfloat16).train()
    theirs = [parameter.detach() for parameter in twin.parameters()]
    ours = [parameter.detach() for parameter in model.parameters()]

    def refresh() -> None:
        torch._foreach_copy_(theirs, ours)

    return twin, refresh
