"""Samples that Go and Python draw alike, bit for bit.

Uniform numbers come from SplitMix64. Everything else is made of them by
operations that IEEE 754 rounds correctly (+ - * / floor), in a fixed order, so
that only the recipe has to be written down: core/internal/golden repeats it.
"""

import math

MASK = (1 << 64) - 1


class SplitMix:
    def __init__(self, seed):
        self.state = seed & MASK

    def word(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self):
        return (self.word() >> 11) * 2.0**-53


def bell(r):
    total = 0.0
    for _ in range(12):
        total += r.uniform()
    return total - 6.0


def heavy(r):
    u = (r.word() >> 11) * 2.0**-53 + 2.0**-54
    return (u - 0.5) / (u * (1.0 - u))


def zero_inflated(r):
    if r.uniform() < 0.7:
        return 0.0
    return 10.0 / (r.uniform() + 0.5)


def huge(r):
    x = 1e300 * (r.uniform() + 0.5)
    return -x if r.uniform() < 0.5 else x


def scales(r):
    x = bell(r)
    return x * 1e-300 if r.uniform() < 0.3 else x * 1e12 if r.uniform() < 0.3 else x


def zipf(k):
    return lambda r: float(math.floor(1.0 / (r.uniform() * (1.0 - 1.0 / k) + 1.0 / k)))


NUMBERS = {
    "uniform": lambda r: r.uniform(),
    "bell": bell,
    "heavy": heavy,
    "rounded": lambda r: math.floor(bell(r) * 10.0) / 10.0,
    "integers": lambda r: float(math.floor(r.uniform() * 6.0)),
    "zero_inflated": zero_inflated,
    "constant": lambda r: 7.0,
    "huge": huge,
    "scales": scales,
    "spike": lambda r: 3.0 if r.uniform() < 0.4 else bell(r),
    "denormals": lambda r: r.uniform() * 1e-310,
    "whole": lambda r: float(math.floor(r.uniform() * 9e15)),
    "rare": lambda r: 1.0 if r.uniform() < 0.002 else 0.0,
    "gaps": bell,
}

CATEGORIES = {
    "two": lambda r: float(math.floor(r.uniform() * r.uniform() * 2.0)),
    "five": lambda r: float(math.floor(r.uniform() * r.uniform() * 5.0)),
    "zipf_50": zipf(50),
    "zipf_2000": zipf(2000),
    "names": lambda r: float(math.floor(r.uniform() * 1e6)),
}


def draw(name, n, seed):
    r = SplitMix(seed)
    shape = NUMBERS.get(name) or CATEGORIES[name]
    values = [shape(r) for _ in range(n)]
    if name == "gaps":  # runs of seven missing values
        values = [math.nan if i // 7 % 3 == 1 else x for i, x in enumerate(values)]
    return values
