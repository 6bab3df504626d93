"""What a change would gain: before and after at every node, and each changed indicator's part."""

from fractions import Fraction
from typing import NamedTuple

from spbe_cli.core.assessment import Assessment
from spbe_cli.core.compare import IndicatorChange, NodeChange, compare
from spbe_cli.core.instrument import Instrument
from spbe_cli.core.scoring import Scorecard, score

__all__ = ["WhatIf", "WhatIfBounds", "what_if", "what_if_bounds"]


class WhatIf(NamedTuple):
    """The scores without and with a change, and what each part of it does.

    `changes` are the indicators whose level is another one, with what that adds to the index or
    takes from it; they add up to `delta`. `groups` holds every domain and aspect. The way to the
    next predicate is `after.verdict.distance`.
    """

    before: Scorecard
    after: Scorecard
    changes: tuple[IndicatorChange, ...]
    groups: tuple[NodeChange, ...]

    @property
    def delta(self) -> Fraction:
        """The change of the index."""
        return self.after.index - self.before.index


class WhatIfBounds(NamedTuple):
    """The same where levels are missing: all of them at the scale's lowest, and at its highest."""

    lowest: WhatIf
    highest: WhatIf


def what_if(instrument: Instrument, before: Assessment, after: Assessment) -> WhatIf:
    """Return what it does to the score that `after` holds other levels than `before`.

    `spbe_cli.core.change.apply_changes` makes `after`.

    Raises:
        MissingLevelError: if a level is missing in either; see `what_if_bounds`.
    """
    comparison = compare(score(instrument, before), score(instrument, after))
    return WhatIf(comparison.before, comparison.after, comparison.changed, comparison.groups)


def what_if_bounds(instrument: Instrument, before: Assessment, after: Assessment) -> WhatIfBounds:
    """Return what a change does with every missing level lowest, and with every one highest.

    An indicator that has a level only in `after` rises or falls from the level it was filled with.
    """
    ends = instrument.scale.lowest, instrument.scale.highest
    lowest, highest = (
        what_if(
            instrument,
            before.with_levels(dict.fromkeys(before.missing, end)),
            after.with_levels(dict.fromkeys(after.missing, end)),
        )
        for end in ends
    )
    return WhatIfBounds(lowest, highest)
