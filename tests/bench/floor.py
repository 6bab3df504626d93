from typing import Annotated
import typer, yaml
from pydantic import BaseModel, Field
from rich.console import Console
from rich.table import Table

app = typer.Typer(add_completion=False)

class Sheet(BaseModel):
    institution: str
    year: int
    levels: dict[str, Annotated[int, Field(ge=1, le=5)]]

@app.command()
def score(path: str) -> None:
    with open(path, "rb") as f:
        node = yaml.compose(f, Loader=yaml.CSafeLoader)
    data = {k.value: ({a.value: b.value for a, b in v.value} if isinstance(v, yaml.MappingNode) else v.value) for k, v in node.value}
    sheet = Sheet.model_validate(data)
    total = sum(sheet.levels.values())
    table = Table("code", "name", "weight", "index")
    for i in range(14):
        table.add_row(str(i), sheet.institution, "1", str(total))
    Console().print(table)

@app.command()
def check(path: str) -> None:
    print(path)

app()
