"""Reference values of distributions and tests far out in their tails, as JSON.

SciPy where it is right, exact fractions where SciPy itself loses digits (the
tails of the discrete distributions). Versions: see requirements.txt.
"""

import json
import math
import platform
import sys
import warnings
from fractions import Fraction

import numpy as np
import scipy
from scipy import stats
from scipy.stats._stats_py import _attempt_exact_2kssamp

warnings.filterwarnings("ignore")


def hypergeometric(all_, marked, draw, x):
    low, high = max(0, draw + marked - all_), min(draw, marked)
    total, term = math.comb(all_, draw), math.comb(marked, low) * math.comb(all_ - marked, draw - low)
    above = below = 0
    for i in range(low, high + 1):
        above += term if i >= x else 0
        below += term if i <= x else 0
        term = term * (marked - i) * (draw - i) // ((i + 1) * (all_ - marked - draw + i + 1)) if i < high else 0
    return float(Fraction(above, total)), float(Fraction(below, total))


def binomial(k, n, p):
    if n > 100:
        return float(stats.binom.sf(k - 1, n, p))
    p = Fraction(p)
    return float(sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)))


def main():
    out = {}
    out["ks"] = []
    for n, m in [(1, 1), (1, 2), (2, 3), (3, 7), (5, 5), (10, 9), (21, 26), (50, 50), (60, 45), (100, 99), (100, 1), (500, 3),
                 (1000, 1000), (1000, 300), (999, 1000), (2000, 1999), (4000, 1500), (10000, 9973), (10000, 100), (9999, 9000)]:
        lcm = math.lcm(n, m)
        for share in (0.002, 0.01, 0.02, 0.05, 0.1, 0.17, 0.3, 0.5, 0.7, 0.9, 1.0):
            h = round(share * lcm)
            if h == 0 or n * m * share > 2e7:
                continue
            ok, d, p = _attempt_exact_2kssamp(n, m, math.gcd(n, m), h / lcm, "two-sided")
            if ok and p > 1e-250:
                out["ks"].append([n, m, d, float(p)])
    out["kstwo"] = []
    for n in (1, 2, 3, 5, 10, 20, 50, 100, 139, 140, 141, 200, 500, 1000, 5000, 6000, 10**4, 10**5, 10**6, 10**7):
        for z in (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.36, 1.45, 1.5, 1.63, 2.0, 2.5, 3.0, 4.0, 6.0, 9.0, 13.0, 16.5):
            d = z / math.sqrt(n)
            p = float(stats.kstwo.sf(d, n))
            if d < 1 and p > 1e-250:
                out["kstwo"].append([n, d, p])
    out["chi2"] = []
    for k in (1, 2, 3, 5, 9, 20, 49, 100, 500, 2000, 20000):
        for factor in (0.1, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 4.0, 10.0, 100.0):
            x = k * factor
            p = float(stats.chi2.sf(x, k))
            if p > 1e-250:
                out["chi2"].append([x, k, p])
    out["hypergeometric"] = []
    for all_, marked, draw in [(2, 1, 1), (10, 3, 4), (20, 10, 10), (100, 1, 50), (200, 40, 100), (1100, 12, 100), (2000, 30, 1000),
                               (2000, 700, 1000), (11000, 50, 1000), (11000, 9000, 1000), (20000, 5, 10000), (20000, 2000, 10000)]:
        low, high = max(0, draw + marked - all_), min(draw, marked)
        mean = draw * marked / all_
        std = math.sqrt(mean * (1 - marked / all_) * (all_ - draw) / max(all_ - 1, 1))
        for x in sorted({low, high, *(round(mean + z * std) for z in (-9, -5, -2, -1, 0, 1, 2, 5, 9))}):
            if low <= x <= high:
                out["hypergeometric"].append([all_, marked, draw, x, *hypergeometric(all_, marked, draw, x)])
    out["binomial"] = []
    for n, p in [(1, 0.3), (10, 0.01), (100, 0.5), (1000, 0.001), (1000, 0.05), (20000, 0.01), (20000, 0.9)]:
        mean, std = n * p, math.sqrt(n * p * (1 - p))
        for k in sorted({0, 1, n, *(round(mean + z * std) for z in (-5, -2, 0, 2, 5, 12))}):
            if 0 <= k <= n:
                out["binomial"].append([k, n, p, binomial(k, n, p)])
    out["student"] = [[t, k, float(2 * stats.t.sf(t, k))] for t in (0.0, 0.5, 1.0, 2.0, 5.0, 20.0) for k in (2, 7, 30, 300)]
    out["wilson"] = []
    for x, n in [(0, 1), (0, 50), (1, 50), (25, 50), (50, 50), (3, 1000), (12345, 20000)]:
        ci = stats.binomtest(x, n).proportion_ci(method="wilson")
        out["wilson"].append([x, n, float(ci.low), float(ci.high)])
    out["exceeding"] = []  # by enumeration: the k outermost are all current
    for n, m in [(3, 4), (5, 2), (10, 10), (100, 30)]:
        for k in range(0, 6):
            r = lambda j: math.prod((m - i) / (n + m - i) for i in range(j)) if j <= m else 0.0
            out["exceeding"].append([k, n, m, min(1.0, sum(r(k) - r(k + 1) for _ in range(k)) + r(k))])
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    body = ",\n".join('"%s": [\n%s\n]' % (name, ",\n".join(json.dumps(row) for row in rows)) for name, rows in out.items())
    sys.stdout.write('{"versions": %s,\n%s}\n' % (json.dumps(versions), body))


if __name__ == "__main__":
    main()
