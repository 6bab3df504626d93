"""The shapes of the input files, as pydantic models: what keys there are and what they hold.

Values stay text here. Whether a level lies on the scale or an indicator exists is the instrument's
to say (`spbe_cli.read.values`), whether weights add up `spbe_cli.read.instruments` checks.
The JSON Schemas in schemas/ are generated from these models.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from spbe_cli.core.assessment import Stage
from spbe_cli.core.instrument import bare
from spbe_cli.read.values import NAMES, stage_of

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Number = Annotated[str, Field(json_schema_extra={"type": ["number", "string"]})]


def _whole(value: Any) -> Any:  # noqa: ANN401
    """Return a number as a spreadsheet may write it, `2023,0`, without its empty decimals."""
    if not isinstance(value, str):
        return value
    whole, _, part = bare(value).replace(",", ".").partition(".")
    return whole if part and not part.strip("0") else bare(value)


Year = Annotated[int, BeforeValidator(_whole, json_schema_input_type=int), Field(ge=2000, le=2999)]


def stage_name(value: Any) -> Any:  # noqa: ANN401
    """Return the English name of a stage written in either language; anything else unchanged."""
    if not isinstance(value, str):
        return value
    stage = stage_of(value)
    return value.strip().casefold() if stage is None else stage.value


_STAGE_NAMES = list(
    dict.fromkeys(
        [
            *Stage,
            *(name for names in NAMES.values() for name in names),
            *("penilaian mandiri", "verifikasi internal", "penilaian dokumen"),
            *("penilaian interviu", "penilaian visitasi", "penilaian eksternal", "hasil akhir"),
        ]
    )
)
"""What an editor offers: the names in both languages."""

StageName = Annotated[
    Literal[
        "target",
        "self",
        "verification",
        "document",
        "harmonisation",
        "interview",
        "visit",
        "external",
        "final",
    ],
    BeforeValidator(stage_name),
    WithJsonSchema({"enum": _STAGE_NAMES}),
]


class Document(BaseModel):
    """What every shape here is: a mapping without unknown keys."""

    model_config = ConfigDict(extra="forbid")


def _as_list(value: Any) -> Any:  # noqa: ANN401
    return [value] if isinstance(value, str) else value or []


def _or_plain_level(schema: dict[str, Any]) -> None:
    detail = dict(schema)
    schema.clear()
    schema["anyOf"] = [{"type": ["number", "string", "null"]}, detail]


def _as_pieces(value: Any) -> Any:  # noqa: ANN401
    """Return what is accepted of a level as texts; whether they are pieces is judged later."""
    if isinstance(value, list):
        return [each if isinstance(each, str) else str(each) for each in value]
    return value if isinstance(value, str | None) else str(value)


Accepted = dict[
    str,
    Annotated[
        list[str] | str | None,
        BeforeValidator(_as_pieces),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": ["string", "null"]},
                    {"type": "array", "items": {"type": "integer"}},
                ]
            }
        ),
    ],
]
"""The accepted pieces of evidence by level: `all`, their numbers, or how many, `2/4`."""


class LevelDocument(Document):
    """A level, alone (`12: 3`) or with what the institution says of it.

    `accepted` holds the accepted pieces of evidence by level.
    """

    model_config = ConfigDict(json_schema_extra=_or_plain_level)

    level: Number | None = None
    note: str | None = None
    evidence: Annotated[
        list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)
    ] = []
    responsible: str | None = None
    accepted: Accepted | None = None

    @model_validator(mode="before")
    @classmethod
    def _level_alone(cls, value: Any) -> Any:  # noqa: ANN401
        return {"level": value} if value is None or isinstance(value, str) else value


Levels = dict[str, LevelDocument]


class AssessmentDocument(Document):
    """A score sheet: one institution, one year, its levels at one stage or at several.

    `indices` are those of other evaluations, by name.
    """

    institution: Name | None = None
    category: Name | None = None
    province: Name | None = None
    year: Year | None = None
    stage: StageName | None = None
    instrument: Name | None = None
    note: str | None = None
    indices: dict[str, Number | None] | None = None
    levels: Levels | None = None
    stages: dict[StageName, Levels] | None = None
