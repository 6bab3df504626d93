# ruff: noqa: INP001  (a script, not a package)
"""How often the 90 % range of an outlook holds what simulated assessors find.

Each institution claims levels as Denpasar did in 2018, drawn anew. Its assessors move them with the
falls by claimed level that were seen there; how strict they are ties the moves together by a normal
copula of correlation rho, which is not the mixture that the outlook itself takes. From five such
pairs the outlook of a sixth is made, and compared with what its assessors find.

    python scripts/assessors.py [--runs 500] [--pairs 5] [--rho 0 0.3]
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import NormalDist, mean, quantiles

from spbe_cli.api import read_assessment
from spbe_cli.core.assessment import Assessment, Entry, Missing, Stage
from spbe_cli.core.calibration import Method, estimated
from spbe_cli.core.observed import calibrate
from spbe_cli.core.outlook import outlook
from spbe_cli.core.score import score
from spbe_cli.read.instruments import shipped_instrument

DENPASAR = Path(__file__).parent.parent / "examples" / "denpasar-2018.yaml"
NORMAL = NormalDist()


class World:
    """Claims as Denpasar made them, and assessors who move them as they did there."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  (nothing secret is drawn)
        claimed, found = read_assessment(DENPASAR, stage=Stage.SELF), read_assessment(DENPASAR)
        self.instrument = shipped_instrument(claimed.instrument)
        self.claims: list[Fraction] = []
        self.moves: dict[Fraction, list[Fraction]] = {}
        for code, entry in claimed.entries.items():
            level, after = entry.level, found.entries[code].level
            if not isinstance(level, Missing) and not isinstance(after, Missing):
                self.claims.append(level)
                self.moves.setdefault(level, []).append(after - level)
        for moves in self.moves.values():
            moves.sort()

    def pair(self, rho: float) -> tuple[Assessment, Assessment]:
        """Return what an institution claims, and what its assessors find."""
        codes = [indicator.code for indicator in self.instrument.indicators]
        claims = [self.random.choice(self.claims) for _ in codes]
        strict = self.random.gauss(0, 1)
        found = [claim + self._move(claim, strict, rho) for claim in claims]
        claimed, final = (
            Assessment(
                self.instrument.id,
                {code: Entry(level) for code, level in zip(codes, levels, strict=True)},
                year=2018,
            )
            for levels in (claims, found)
        )
        return claimed, final

    def _move(self, claim: Fraction, strict: float, rho: float) -> Fraction:
        own = self.random.gauss(0, 1)
        share = NORMAL.cdf(rho**0.5 * strict + (1 - rho) ** 0.5 * own)
        moves = self.moves[claim]
        return moves[min(int(share * len(moves)), len(moves) - 1)]


def simulate(rho: float, runs: int, pairs: int) -> None:
    """Print coverage and width over many runs."""
    world = World(20181218)
    covered, widths, correlations, missed = 0, [], [], Counter[str]()
    for _ in range(runs):
        earlier = [world.pair(rho) for _ in range(pairs)]
        claimed, found = world.pair(rho)
        basis = estimated(calibrate(world.instrument, earlier), Method())
        if basis is None:
            continue
        seen = outlook(world.instrument, claimed, basis.agreement)
        low, _, high = (quantile.at for quantile in seen.quantiles)
        index = score(world.instrument, found).index
        covered += low <= index <= high
        missed["below"] += index < low
        missed["above"] += index > high
        widths.append(float(high - low))
        correlations.append(float(basis.agreement.correlation))
    ends = quantiles(widths, n=20)
    text = (
        f"rho {rho}: {runs} runs of {pairs} pairs: covered {covered / runs:.1%} "
        f"({missed['below']} below, {missed['above']} above), width {mean(widths):.2f} on average, "
        f"{ends[0]:.2f} to {ends[-1]:.2f} for nine in ten; "
        f"correlation estimated {mean(correlations):.2f} on average\n"
    )
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    """Simulate."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rho", type=float, nargs="+", default=[0.0, 0.3])
    asked = parser.parse_args()
    for rho in asked.rho:
        simulate(rho, asked.runs, asked.pairs)


if __name__ == "__main__":
    main()
