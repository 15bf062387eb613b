"""The parameters of every page's address, one table a page.

What a person drags replaces the entry on show in the browser's history; what a person chooses makes
a new one, so that Back undoes it. A parameter that a view sets has the name of its key in the view's
state (`aemodels.views.contract`).
"""

from itertools import chain
from typing import Any

from aemodels.lessons import vocabulary
from ui.class_name import ClassName
from ui.control_names import Controls
from ui.query_numbers import Frame, Index, Indices, Number, Several, Vector
from ui.query_params import Choice, Name, Option, Parameter

IMAGES = 10_000  # test images of each data set

MODEL = Choice("model", "Model", control="menu")
# Older addresses have these instead of the model's key.
OLDER = (Name("source"), Name("latents"), Name("variant"))
# Those of one size, or any two to four.
LATENTS, MODELS = Name("latents"), Name("models")
SEVERAL = (LATENTS, MODELS)

# What views of several pages set.
CLASSES = Indices("classes", 10, 10)  # those that the maps show, all by default
FRAME = Frame("frame", replaces=True)  # the visible part of the map
FRAMES = Several("frames", FRAME, 4, replaces=True)  # of each of several maps

DIGIT = Index("digit", IMAGES, default=0, replaces=True)
Z = Vector("z", replaces=True)
LAYER = Option("layer", ("points", "manifold", "clouds", "holes"), default="points")
MAP_PICTURES = Option("pictures", ("on", "off"), default="on")
TRAIL = Option("trail", ("on", "off"), default="off")
PINS = Several("pins", Z, 6, replaces=True)  # codes that are kept, empty under a free letter
COMPUTATION = Option("computation", ("open",), replaces=True)
SAMPLES = Index("samples", IMAGES, replaces=True)  # which 20 of the input's posterior
PRIOR = Option("prior", ("circles",))
EXPLORE_VIEW = (
    *(DIGIT, Z, LAYER, MAP_PICTURES, TRAIL, CLASSES, FRAME),
    *(PINS, COMPUTATION, SAMPLES, PRIOR),
)
EXPLORE = (MODEL, *OLDER, *EXPLORE_VIEW)

PICTURE = Option("picture", ("reconstruction", "difference"), default="reconstruction")
WORST = Index("worst", 10)  # the class whose worst reconstructions are shown
MAPS_LAYER = Option("layer", ("points", "holes"), default="points")
COMPARE_VIEW = (DIGIT, PICTURE, WORST, MAPS_LAYER, CLASSES, FRAMES)
COMPARE = (*SEVERAL, *COMPARE_VIEW)

A, B = (Index(end, IMAGES, replaces=True) for end in "ab")
T = Number("t", 0, 1, default=0.5, replaces=True)
INTERPOLATE_VIEW = (A, B, T, CLASSES, FRAMES)
INTERPOLATE = (*SEVERAL, *INTERPOLATE_VIEW)

FAMILY = Choice("family", "Family", control="pills")
PICTURES = Indices("images", IMAGES, 30, replaces=True)
CORRUPTION = Option("kind", ("masking", "salt-pepper", "gaussian"))
PERTURBATION = Option("kind", ("noise", "shift", "rotate"))
LEVEL = Number("level", -1, 1, replaces=True)  # a share of the slider's end
ANGLE = Number("angle", 0, 360, default=0, replaces=True)
NOISE = Index("noise", IMAGES, default=0, replaces=True)  # which draw of it
# Latents of the model on show.
SIZE = Option("size", ("2", "4", "8", "16", "32", "64"), replaces=True)
ROWS = Option("rows", ("all",))  # all models instead
# By the controls of a family's section.
RECONSTRUCT_VIEW: dict[str | None, tuple[Parameter[Any], ...]] = {
    None: (PICTURES,),
    "corruption": (PICTURES, CORRUPTION, LEVEL, NOISE),
    "perturbation": (PICTURES, PERTURBATION, LEVEL, ANGLE),
    "size": (PICTURES, SIZE, ROWS),
}
BETA = Name("beta", default="1", replaces=True)  # of the model on show
BETA_VIEW = (BETA, CLASSES, FRAME)
FAMILIES = (FAMILY, *dict.fromkeys(chain(*RECONSTRUCT_VIEW.values(), BETA_VIEW)))

USE = Choice("use", "Use", {"anomalies": "Anomalies", "features": "Features"})
TRAINED = Choice(
    "trained", "Trained on", {name: f"Trained on {name}" for name in ("digits", "clothes")}
)
DETECTOR = Choice("detector", "Model", control="menu")
SCORE = Choice("score", "Score", control="menu")
THRESHOLD = Number("threshold", 0, 1e9, replaces=True)
LOOK = Name("look", replaces=True)  # the image shown large, such as "normal-3801"
ANOMALIES_VIEW = (THRESHOLD, LOOK)
ANOMALIES = (TRAINED, DETECTOR, SCORE, *ANOMALIES_VIEW)
USES = (USE, *ANOMALIES)

LESSON = Name("lesson")  # none for the list of lessons
STEP = Index("step", 1, first=1, default=1)
LEARN = (LESSON, STEP)
FIRST_LESSON = "bottleneck"

PLAN = Choice(
    "plan",
    "Plan",
    {"45": "45 minutes", "90": "90 minutes", "homework": "Homework", "own": "Your own"},
    control="pills",
)
LESSONS = Name("lessons")  # keys of those that a plan of one's own has, separated by commas
TEACHERS = (PLAN, LESSONS)

RUN = Name("run")
COMPARED = Name("compared")  # another run, whose curves are drawn too
TRAIN = (RUN, COMPARED)

SHOW = Choice("show", "Show", {"all": "All", "missed": "Target missed", "met": "Target met"})
RESULTS_FAMILY = Choice("family", "Family", control="menu")
RESULTS = (SHOW, RESULTS_FAMILY)

# Of every page, for a class.
PRESENT = Option("present", ("1",), replaces=True)  # projector mode
HIDE = Controls("hide", vocabulary.controls() | {"pickers"}, replaces=True)
LOCKED = Option("locked", ("1",), replaces=True)  # no way to other pages
CLASS = ClassName("class", replaces=True)  # whose runs are listed, on a server that several share
CLASSROOM: tuple[Parameter[Any], ...] = (PRESENT, HIDE, LOCKED, CLASS)

# By the address of the page.
TABLES: dict[str, tuple[Parameter[Any], ...]] = {
    "": EXPLORE,
    "compare": COMPARE,
    "interpolate": INTERPOLATE,
    "learn": LEARN,
    "teachers": TEACHERS,
    "families": FAMILIES,
    "uses": USES,
    "train": TRAIN,
    "results": RESULTS,
    "glossary": (),
}


def replacing() -> list[str]:
    """The names of the parameters whose change makes no entry in the browser's history."""
    every = chain(CLASSROOM, *TABLES.values())
    return sorted({parameter.name for parameter in every if parameter.replaces})
