"""The shapes of the input files, as pydantic models: what keys there are and what they hold.

Values stay text here. Whether a level lies on the scale or an indicator exists is the instrument's
to say (`spbe_cli.read.sheets`), whether weights add up is checked in `spbe_cli.read.instruments`.
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

__all__ = ["AssessmentDocument", "Document", "LevelDocument", "Name", "Number"]

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Number = Annotated[str, Field(json_schema_extra={"type": ["number", "string"]})]
Year = Annotated[int, Field(ge=2000, le=2999)]
_STAGES = {
    "mandiri": "self",
    "penilaian mandiri": "self",
    "verifikasi": "verification",
    "dokumen": "document",
    "penilaian dokumen": "document",
    "harmonisasi": "harmonisation",
    "interviu": "interview",
    "wawancara": "interview",
    "visitasi": "visit",
    "eksternal": "external",
    "pusat": "external",
    "akhir": "final",
}


def stage_name(value: Any) -> Any:  # noqa: ANN401
    """Return the English name of a stage written in either language; anything else unchanged."""
    if not isinstance(value, str):
        return value
    text = value.strip().casefold()
    return _STAGES.get(text, text)


_STAGE_NAMES = [*Stage, *_STAGES]
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


class LevelDocument(Document):
    """A level, alone (`12: 3`) or with what the institution says of it."""

    model_config = ConfigDict(json_schema_extra=_or_plain_level)

    level: Number | None = None
    note: str | None = None
    evidence: Annotated[
        list[str], BeforeValidator(_as_list, json_schema_input_type=list[str] | str)
    ] = []
    responsible: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _level_alone(cls, value: Any) -> Any:  # noqa: ANN401
        return {"level": value} if value is None or isinstance(value, str) else value


Levels = dict[str, LevelDocument]


class AssessmentDocument(Document):
    """A score sheet: one institution, one year, its levels at one stage or at several."""

    institution: Name | None = None
    category: Name | None = None
    province: Name | None = None
    year: Year | None = None
    stage: StageName | None = None
    instrument: Name | None = None
    note: str | None = None
    levels: Levels | None = None
    stages: dict[StageName, Levels] | None = None
