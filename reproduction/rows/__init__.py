"""The registry of rows, in the order of `result.ROW_IDS`. Loads neither PyTorch nor data."""

from reproduction.result import ROW_IDS
from reproduction.row import Row
from reproduction.rows import (
    anomalies,
    beta,
    contraction,
    denoising,
    features,
    flaw,
    leave_out,
    likelihood,
    maps,
    projection,
    shallow,
    studies,
)

_MADE = {
    row.id: row
    for row in (
        *projection.ROWS,
        *studies.ROWS,
        *shallow.ROWS,
        *features.ROWS,
        *denoising.ROWS,
        *flaw.ROWS,
        *contraction.ROWS,
        *likelihood.ROWS,
        *beta.ROWS,
        *maps.ROWS,
        *anomalies.ROWS,
        *leave_out.ROWS,
    )
}
ROWS: dict[str, Row] = {name: _MADE[name] for name in ROW_IDS}
