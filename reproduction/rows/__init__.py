"""The registry of rows, in the table's order. Loads neither PyTorch nor data."""

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

ROWS: dict[str, Row] = {
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
