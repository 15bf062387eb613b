"""The calls by which a trainer reports its progress and can be stopped."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder
    from aemodels.training.fit import Fitted
    from aemodels.training.loop import Record, Training


class StopRequested(Exception):  # noqa: N818
    """A stop was requested while nothing was being trained."""


class Monitor:
    """Called at each stage of `trainer.train`, in this order; these methods do nothing."""

    def started(self, training: "Training[Autoencoder]") -> None:
        """Training is about to start or resume. Not called for a family that is solved."""

    def stepped(self, done: int, total: int) -> bool:
        """`done` of `total` steps are completed. Returns True to stop there."""
        return False

    def recorded(self, training: "Training[Autoencoder]", record: "Record") -> None:
        """An epoch is completed."""

    def saving(self, fitted: "Fitted") -> bool:
        """The model is about to be saved. Returns False to leave it unsaved."""
        return True

    def measuring(self, fitted: "Fitted") -> None:
        """The model is saved and is about to be measured in full."""

    def check(self) -> None:
        """Called every second or so while measuring; StopRequested cuts it short."""
