"""Which data sets can have a reader. Loads no PyTorch."""

from aemodels.data import Source
from aemodels.reader.files import ReaderError

# Of training pictures.
FEWEST = 100


def check(source: Source) -> None:
    """Raise ReaderError if no reader can be trained for this data set."""
    classes = len(source.class_names)
    if classes < 2:
        found = (
            "its pictures have no classes" if not classes else "all its pictures are of one class"
        )
        raise ReaderError(f"data set {source.title}: {found}; a reader needs two or more")
    if source.train_count < FEWEST:
        raise ReaderError(
            f"data set {source.title}: {source.train_count} training pictures; "
            f"a reader needs at least {FEWEST}"
        )
