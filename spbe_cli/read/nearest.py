"""The indicator that is nearest to what is none."""

from bisect import bisect_left
from fractions import Fraction
from functools import cached_property

from spbe_cli.core.instrument import Instrument, indicator_code
from spbe_cli.core.number import NotANumberError, is_number, parse

_MOST_NEAR = 100


class NearestIndicator:
    """Finds the indicator nearest to a text, as the values of a problem have it."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._named = 0  # how often a name was looked for among the indicators'

    def __call__(self, written: str) -> dict[str, str]:
        """Return the nearest indicator: by number, else by the indicators' names."""
        codes = tuple(self._instrument.indicator_by_code)
        known = {"known": f"{codes[0]}-{codes[-1]}"}
        try:
            number = parse(indicator_code(written))
        except NotANumberError:
            return {**known, **self._near_name(written)}
        numbers = self._numbers
        if not numbers:  # an instrument whose codes are no numbers
            return known
        after = bisect_left(numbers, (number, ""))
        near = min(numbers[max(after - 1, 0) : after + 1], key=lambda each: abs(each[0] - number))
        return {**known, "nearest": near[1]}

    @cached_property
    def _numbers(self) -> list[tuple[Fraction, str]]:
        """The indicators' codes as numbers, in their order; none where one is no number."""
        codes = self._instrument.indicator_by_code
        return sorted((parse(code), code) for code in codes) if all(map(is_number, codes)) else []

    def _near_name(self, written: str) -> dict[str, str]:
        """Return the nearest code, or indicator by name; the first of very many, for it is slow."""
        self._named += 1
        if self._named > _MOST_NEAR:
            return {}
        from spbe_cli.core.problem import nearest

        by_name = {i.name: i.code for i in self._instrument.indicators}
        name = nearest(written, by_name).get("nearest")
        if name:
            return {"nearest": f"{by_name[name]} ({name})"}
        return nearest(written, self._instrument.indicator_by_code)
