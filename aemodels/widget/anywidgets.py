"""The views as widgets: their state as traits, which follow the view and which the view follows.

A view and its traits meet in `_shown`, the state as `aemodels.views.contract` has it: where a view
comes to rest it sets `_shown`, and every view of the widget shows what `_shown` says.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from aemodels import runs
from aemodels.runs import Run, RunError, http
from aemodels.views import contract
from aemodels.widget import channel
from aemodels.widget.channel import Find
from aemodels.widget.markup import markup
from aemodels.widget.shown import Shown, images_of
from aemodels.widget.traits import (
    Choice,
    Ends,
    Index,
    Indices,
    ListOfNumbers,
    Numbers,
    Share,
    Whole,
)

DIGITS = 3  # of a code, as a view reports it
PINS = 6


def _names(state: Any) -> tuple[str, ...]:
    """The keys of a state that a person sets."""
    return tuple(key for key in state.__annotations__ if key != "visit")


def _rounded(code: np.ndarray) -> list[float]:
    return [round(float(value), DIGITS) for value in code]


def _synced(trait: Any) -> Any:
    return trait.tag(sync=True)


class View(anywidget.AnyWidget):
    """One view of `lens/web`. Displayed twice, both show the same."""

    _esm = _synced(traitlets.Unicode())
    _markup = _synced(traitlets.Unicode())
    _version = _synced(traitlets.Unicode())
    _page = _synced(traitlets.Dict())
    _shown = _synced(traitlets.Dict(allow_none=True, default_value=None))

    view: ClassVar[str]
    names: ClassVar[Sequence[str]] = ()  # of the traits that are the state
    defaults: ClassVar[Mapping[str, Any]] = {}  # of those that are never None

    def __init__(self, page: Mapping[str, Any], find: Find, **state: Any) -> None:
        unknown = [name for name in state if name not in self.names]
        if unknown:
            known = ", ".join(self.names)
            raise TypeError(f"{unknown[0]}: is no trait of {self.view}, which has {known}")
        self._find = find
        self._lock = threading.RLock()
        self._follower = 0  # the thread that sets the traits after the view
        super().__init__(
            _esm=channel.script(),
            _version=channel.version(),
            _markup=markup(self.view),
            _page={"view": self.view, "base": "", **page},
        )
        self.on_msg(self._answer)
        self._take_over({})
        self.observe(self._after_trait, list(self.names))
        self.observe(self._after_view, "_shown")
        with self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def count(self, of: str) -> int:
        """How many there are of what traits are about, such as "images"."""
        raise NotImplementedError

    def usual(self, name: str) -> Any:
        """The default of a trait, where there is one; None leaves it to the view."""
        return self.defaults.get(name)

    def write_state(self) -> dict[str, Any]:
        """The traits as the view takes them: None where they are at their default."""
        found = {name: getattr(self, name) for name in self.names}
        return {name: None if value == self.usual(name) else value for name, value in found.items()}

    def complete(self, name: str) -> None:
        """Change what depends on the trait of this name, which was set."""

    def _after_view(self, change: Any) -> None:
        if self._follower != threading.get_ident():
            self._take_over(change["new"] or {})

    def _after_trait(self, change: Any) -> None:
        if self._follower == threading.get_ident():
            return
        with self._following():
            self.complete(change["name"])
            self._shown = self.write_state()
            self._take_over(self._shown)

    def _take_over(self, state: Mapping[str, Any]) -> None:
        with self._following(), self.hold_sync():
            for name in self.names:
                setattr(self, name, state.get(name))

    @contextmanager
    def _following(self) -> Iterator[None]:
        # Newer kernels answer a view in a thread of its own.
        with self._lock:
            before = self._follower
            self._follower = threading.get_ident()
            try:
                yield
            finally:
                self._follower = before

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        found = channel.answer(self._find, content)
        if found is not None:
            self.send(*found)


class _OfModels(View):
    """A view of models and the test images of one data set."""

    def __init__(self, shown: Shown, page: Mapping[str, Any], **state: Any) -> None:
        self._models = shown
        words = {"dataset": shown.dataset, "state": None, **page}
        super().__init__(words, channel.of_files(shown.files), **state)

    def count(self, of: str) -> int:
        """How many images, classes, models or latents there are."""
        dataset = self._models.dataset
        found = {
            "images": dataset["count"],
            "classes": max(1, len(dataset["class_names"])),
            "models": len(self._models.models),
            "latents": self._models.models[0]["latent_dim"],
        }
        return found[of]


class Explore(_OfModels):
    """`aemodels.widget.explore`: see there."""

    view = "explore"
    names = _names(contract.ExploreState)

    defaults: ClassVar = {"digit": 0, "layer": "points"}

    digit = _synced(Index("images"))
    z = _synced(Numbers())
    layer = _synced(Choice("points", "manifold", "clouds", "holes"))
    pictures = _synced(Choice("off"))
    trail = _synced(Choice("on"))
    classes = _synced(Indices("classes"))
    frame = _synced(Numbers(4))
    pins = _synced(ListOfNumbers(PINS))
    computation = _synced(Choice("open"))
    samples = _synced(Whole())
    prior = _synced(Choice("circles"))

    def __init__(self, shown: Shown, **state: Any) -> None:
        super().__init__(shown, {"model": shown.models[0]}, **state)

    def code(self, digit: int) -> list[float]:
        """The code of a test image, (latent_dim,), rounded as the view rounds it."""
        return _rounded(self._models.codes[0][digit])

    def usual(self, name: str) -> Any:
        """The default of `z` is the code of `digit`."""
        return self.code(self.digit) if name == "z" else super().usual(name)

    def complete(self, name: str) -> None:
        """Another input comes with its code, unless `z` was set as well."""
        before = self._shown or {}
        digit = before.get("digit") or 0
        z = before.get("z") or self.code(digit)
        if name == "digit" and self.digit != digit and self.z == z:
            self.z = self.code(self.digit)


class Compare(_OfModels):
    """`aemodels.widget.compare`: see there."""

    view = "compare"
    names = _names(contract.CompareState)
    defaults: ClassVar = {"digit": 0, "picture": "reconstruction", "layer": "points"}

    digit = _synced(Index("images"))
    picture = _synced(Choice("reconstruction", "difference"))
    worst = _synced(Index("classes"))
    layer = _synced(Choice("points", "holes"))
    classes = _synced(Indices("classes"))
    frames = _synced(ListOfNumbers(4, 4))

    def __init__(self, shown: Shown, **state: Any) -> None:
        super().__init__(shown, {"models": shown.models}, **state)


class Interpolate(_OfModels):
    """`aemodels.widget.interpolate`: see there."""

    view = "interpolate"
    # Whether an end is a drawing is known before where it is.
    names = ("drawn", *(name for name in _names(contract.InterpolateState) if name != "drawn"))
    defaults: ClassVar = {"drawn": [], "t": 0.5}

    a = _synced(Index("images"))
    b = _synced(Index("images"))
    drawn = _synced(Ends())
    t = _synced(Share())
    classes = _synced(Indices("classes"))
    frames = _synced(ListOfNumbers(4, 4))

    def __init__(self, shown: Shown, **state: Any) -> None:
        examples = shown.dataset["example_images"]
        self._usual = {"a": examples[-1], "b": examples[0]}
        super().__init__(shown, {"models": shown.models, **self._usual}, **state)

    def usual(self, name: str) -> Any:
        """An end is where it started, or a drawing."""
        if name in self._usual:
            return None if name in self.drawn else self._usual[name]
        return super().usual(name)

    def complete(self, name: str) -> None:
        """A test image takes the place of a drawing."""
        if name in self._usual:
            self.drawn = [end for end in self.drawn if end != name]


class Train(View):
    """`aemodels.widget.train`: see there."""

    view = "train"

    progress = _synced(traitlets.Dict())

    def __init__(self, run: str | Run) -> None:
        given = _read_run(run) if isinstance(run, str) else run
        self._run = given.id
        images, files = images_of(given.config.data.dataset)
        self._images = channel.of_files(files)
        progress = self._read_progress()
        page = {
            "run": self._run,
            "dataset": images,
            "progress": progress,
            "reveal": False,
            "prior": given.config.family.variational,
        }
        super().__init__(page, self._file)
        self.progress = progress

    def _after_view(self, change: Any) -> None:
        """The view has found the run to be elsewhere, and asks to be drawn anew."""
        self._page = {**self._page, "progress": self._read_progress()}

    def _file(self, address: str) -> bytes | None:
        """What a browser may fetch of this run, and its images."""
        if address == f"/live/{self._run}":
            self.progress = self._read_progress()
            return json.dumps(self.progress).encode()
        run, _, rest = address.removeprefix("/runs/").partition("/")
        if address.startswith("/runs/") and run == self._run:
            found = http.find(f"{run}/{rest}")
            return found.read_bytes() if found else None
        return self._images(address)

    def _read_progress(self) -> dict[str, Any]:
        found = http.progress(self._run)
        if found is None:
            raise RunError(f"there is no run {self._run} any more")
        return dict(found)


def _read_run(name: str) -> Run:
    recorded = runs.recorded()
    return recorded if recorded is not None and recorded.id == name else runs.read(name)
