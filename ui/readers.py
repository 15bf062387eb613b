"""The training of readers of one's own classes, one at a time in each process of the app: the page
goes on meanwhile.

It goes on in a thread, whoever closes the page: the thread waits for the process that trains. All
visitors are told of it, since a data set and its reader are everybody's.
"""

import logging
import threading
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic

from aemodels import reader, runs
from aemodels.data import Source
from aemodels.reader import Manifest
from aemodels.runs import limits, process
from aemodels.runs.child import Child, Step
from ui.persons import Person


@dataclass(eq=False)
class Training:
    """One training of a reader; `done` of `total` steps, 0 of 0 before the first one.

    `title` and `pictures`, a hash, are those of the data set when it began, and `owner` whoever
    began it. `began` is when the first step was told of, by `monotonic`, and `skipped` which one
    that was.
    """

    dataset: str
    title: str
    pictures: str
    owner: str
    child: Child
    done: int = 0
    total: int = 0
    began: float = 0.0
    skipped: int = 0
    reader: "Future[Manifest]" = field(default_factory=Future)

    @property
    def goes_on(self) -> bool:
        """Whether it hasn't ended."""
        return not self.reader.done()

    @property
    def seconds_left(self) -> float | None:
        """How long the other steps take at the pace of those so far; None before some are done."""
        taken = self.done - self.skipped
        return (monotonic() - self.began) / taken * (self.total - self.done) if taken else None

    def told(self, step: Step) -> None:
        """The process has done a step."""
        if not self.total:
            self.began, self.skipped = monotonic(), step["done"]
        self.done, self.total = step["done"], step["total"]

    def is_for(self, name: str, source: Source) -> bool:
        """Whether it trains the reader of the data set of this name, with these pictures."""
        return (self.dataset, self.pictures) == (name, source.pictures_sha256)

    def is_of(self, person: Person) -> bool:
        """Whether this person began it; on one's own computer, anybody."""
        return not person.shared or person.owner == self.owner

    def may_stop(self, person: Person) -> bool:
        """Whether this person began it, or is a teacher."""
        return person.teacher or self.is_of(person)

    def stop(self, person: Person) -> None:
        """Have it end with no reader. Raises RunError if it is another person's."""
        if not self.may_stop(person):
            raise runs.RunError(NOT_YOURS)
        self.child.stop()


NOT_YOURS = "Only whoever began this training, or a teacher, may stop it."
# Of an error without a sentence, which is in the log.
UNKNOWN = "something went wrong that this page has no words for; the server's log has them"
_LOG = logging.getLogger(__name__)
_LOCK = threading.Lock()
_newest: list[Training] = []


def newest() -> Training | None:
    """The training that goes on, or the last one that did."""
    return _newest[0] if _newest else None


def begin(dataset: str, source: Source, person: Person) -> Training:
    """Train the reader of a data set, within the person's limits. Raises RunError if another one is
    being trained.
    """
    person.check_named()
    with _LOCK:
        before = newest()
        if before and before.goes_on:
            raise runs.RunError(
                "Another classifier is being trained; one can be trained at a time here."
            )
        held = ExitStack()
        held.enter_context(limits.training_reader(person.owner, person.limits))
        child = process.reader_training(dataset)
        made = Training(dataset, source.title, source.pictures_sha256, person.owner, child)
        try:
            threading.Thread(target=_work, args=(made, held), daemon=True).start()
        except RuntimeError:
            held.close()
            raise runs.RunError("The training can't be started now; try again later.") from None
        _newest[:] = [made]
    return made


def _work(made: Training, held: ExitStack) -> None:
    try:
        with held:
            made.child.run(made.told)
            found = reader.read_manifest(reader.folder_of(made.dataset))
        made.reader.set_result(found)
    except BaseException as error:
        if not isinstance(error, runs.RunError):
            _LOG.exception("the classifier of %s wasn't trained", made.dataset)
        made.reader.set_exception(error)
