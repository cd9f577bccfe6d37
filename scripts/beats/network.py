"""The beat network, as lib/analysis/beat_network.cpp runs it, and its weights as that reads them."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .bands import INPUTS

CHANNELS, TAPS, DEPTH, FIRST_TAPS, LAG, RISE = 24, 5, 10, 6, 2, 4.0


class BeatNetwork(nn.Module):
    """(batch, frames at 100 a second, INPUTS) -> logits (batch, 2, frames / 2): beat and downbeat."""

    def __init__(self):
        super().__init__()
        self.first, self.first_norm = nn.Conv1d(2 * INPUTS, CHANNELS, FIRST_TAPS, stride=2), nn.BatchNorm1d(CHANNELS)
        self.second, self.second_norm = nn.Conv1d(CHANNELS, CHANNELS, 3, padding=1), nn.BatchNorm1d(CHANNELS)
        self.dilated = nn.ModuleList([nn.Conv1d(CHANNELS, CHANNELS, TAPS, dilation=2 ** i, padding=TAPS // 2 * 2 ** i)
                                      for i in range(DEPTH)])
        self.norms = nn.ModuleList([nn.BatchNorm1d(CHANNELS) for _ in range(DEPTH)])
        self.mixes = nn.ModuleList([nn.Conv1d(CHANNELS, CHANNELS, 1) for _ in range(DEPTH)])
        self.out = nn.Conv1d(CHANNELS, 2, 1)
        nn.init.constant_(self.out.bias, -2.5)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        rise = torch.zeros_like(bands)
        rise[:, LAG:] = functional.relu(bands[:, LAG:] - bands[:, :-LAG])
        x = torch.cat([bands, RISE * rise], 2).transpose(1, 2)
        x = functional.pad(x, (FIRST_TAPS // 2 - 1, FIRST_TAPS // 2))
        x = functional.relu(self.first_norm(self.first(x)))
        x = functional.relu(self.second_norm(self.second(x)))
        for dilated, norm, mix in zip(self.dilated, self.norms, self.mixes):
            x = x + mix(functional.relu(norm(dilated(x))))
        return self.out(x)

    def half_floats(self) -> np.ndarray:
        """All weights in the order in which they are read, the normalisations folded into the convolutions."""
        parts = []

        def put(convolution, norm=None):
            weight, bias = convolution.weight.detach().double(), convolution.bias.detach().double()
            if norm is not None:
                gain = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()
                weight = weight * gain[:, None, None]
                bias = (bias - norm.running_mean.double()) * gain + norm.bias.detach().double()
            parts.extend(weight[:, :, tap].T.reshape(-1).numpy() for tap in range(weight.shape[2]))
            parts.append(bias.numpy())

        put(self.first, self.first_norm)
        put(self.second, self.second_norm)
        for dilated, norm, mix in zip(self.dilated, self.norms, self.mixes):
            put(dilated, norm)
            put(mix)
        put(self.out)
        return np.concatenate(parts).astype("<f2")
