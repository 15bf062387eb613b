"""Everything that Python sends to the views and gets back from them, as JSON.

`lens/web/contract.d.ts` declares the same types for the JavaScript; a test compares the two key
by key. All keys are snake_case, as in bundle.json.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

Binarisation = Literal["grey", "threshold", "stochastic"]
NetworkKind = Literal["mlp", "shallow", "conv", "conv-asymmetric", "conv-narrow", "linear", "gru"]
Layer = Literal["points", "manifold", "clouds", "holes"]  # what Explore's map shows


class Reader(TypedDict):
    """A classifier that reads decoded pictures, whose files the browser may fetch."""

    url: str  # of their folder
    digests: Mapping[str, str]  # start of the SHA-256 of each file, by name
    stamp: str  # changes with the weights
    accuracy: float  # share of the test images that it reads right
    class_names: Sequence[str]  # that it reads, by label


class Dataset(TypedDict):
    """A data set whose test images the browser may fetch, and the words for them."""

    name: str
    title: str  # "MNIST"
    url: str  # of the folder with the IDX files
    digests: Mapping[str, str]  # start of the SHA-256 of each file, by name
    class_names: Sequence[str]  # by label; none if its images have no classes
    noun: str  # what one image shows: "digit"
    plural: str
    example_images: Sequence[int]  # one test image of each class, by label; ten of one's own
    count: int  # of test images
    here: bool  # False for one's own that a model from elsewhere was trained on: images are blank
    stored: bool  # whether `aemodels.data.load_test` reads them by `name`; False for mere arrays
    reader: Reader | None  # of its classes, where there is one


class Space(TypedDict):
    """The space of a model's codes of the test images; d is the number of latents."""

    information: Sequence[float]  # nats (variational) or variance, (d,)
    order: Sequence[int]  # latents, the most informative first, (d,)
    inactive: Sequence[bool]  # (d,)
    low: Sequence[float]  # range of a slider, (d,)
    high: Sequence[float]
    mean: Sequence[float]  # of the codes, (d,)
    plane: Sequence[Sequence[float]]  # two orthonormal directions, (2, d)
    plane_low: Sequence[float]  # least coordinates in the plane, relative to the mean, (2,)
    plane_high: Sequence[float]
    usual_gap: float  # median distance from an image's z to the nearest other image's code
    far_gap: float  # its 95 % quantile


class Network(TypedDict):
    """The layers of a model. A shape is that of one image's values after a hidden layer."""

    kind: NetworkKind
    encoder: Sequence[Sequence[int]]  # shapes, in their order
    decoder: Sequence[Sequence[int]]
    activation: str | None  # after each hidden layer, such as "gelu"
    code_activation: str  # "linear" without one
    output_activation: str  # "sigmoid", "linear" or "relu"


class Objective(TypedDict):
    """What a model was trained to minimise: a loss, if variational plus β · KL, and its note."""

    loss: Literal["bce", "mse", "l1"]  # a sum over the 784 pixels
    beta: float | None  # of a variational model
    note: str  # what else it was, in sentences; "" for nothing


class Model(TypedDict):
    """A trained model whose bundle the browser may fetch."""

    name: str
    family: str
    variational: bool  # an image's code is the mean of a posterior; the prior is N(0, I)
    title: str
    latent_dim: int
    binarisation: Binarisation  # of the pixels that it was trained on
    objective: Objective
    url: str  # of the bundle's folder
    digests: Mapping[str, str]  # start of the SHA-256 of each file, by name
    stamp: str  # changes with the weights or codes
    space: Space
    network: Network


class LabelledModel(Model):
    """A model with the name of its row."""

    label: str


class BetaModel(LabelledModel):
    """One of several VAEs of two latents that differ in β alone; its label is its β."""

    beta: float
    turn: Sequence[Sequence[float]]  # orthogonal, (2, 2): codes @ turn lie near the next model's
    reconstruction: float  # cross-entropy with sampled z, nats, mean over the test images
    kl: float  # nats
    active_units: int
    legible_share: float | None  # of 1,000 draws from the prior, once it is measured


class Detector(TypedDict):
    """Anomaly scores of normal and of anomalous images in the same bins.

    An edge belongs to the bin above it; a sample is a test image and its score.
    """

    edges: Sequence[float]  # one more than bins, rising in equal ratios
    normal: Sequence[int]  # images in each bin
    anomalous: Sequence[int]
    auroc: float
    score: str  # its name
    unit: str
    most_anomalous: Sequence[tuple[int, float]]  # of the normal images
    least_anomalous: Sequence[tuple[int, float]]  # of the anomalous images


class RunProgress(TypedDict):
    """How far a run is."""

    alive: bool
    state: str
    message: str
    epoch: int
    epochs: int
    done: float  # share of all steps
    seconds_left: float | None
    images_per_second: float | None
    # Moments that have one: after so many whole epochs, and so many steps of the next.
    snapshots: Sequence[tuple[int, int]]


class Page(TypedDict):
    """The data that every view gets. Every `url` in them is below `base`, such as "/mnist"."""

    view: str
    base: str  # the app's root, without its last slash; the browser finds it and adds it


class State(TypedDict):
    """What a person has set in a view: handed to it, and reported by it. None is a default.

    The view takes over a state of another visit than the one before; its own reports, which come
    back with the same one, change nothing.
    """

    visit: int


class ExploreState(State):
    digit: int | None  # the test image that is the input; by default the first
    z: Sequence[float] | None  # by default the code of the input
    layer: Layer | None
    pictures: Literal["off"] | None  # images instead of points where few are in view
    trail: Literal["on"] | None  # where z has been
    classes: Sequence[int] | None  # those on the map, by default all
    frame: Sequence[float] | None  # the part of the plane in view: low and high across, then up
    # Codes that are kept, under A, B and so on, empty where a letter is free; short codes only.
    pins: Sequence[Sequence[float]] | None
    computation: Literal["open"] | None  # by default folded
    samples: int | None  # which 20 samples of the input's posterior are shown; by default none
    prior: Literal["circles"] | None  # of one and two standard deviations of the prior, on the map


class Explore(Page):
    model: Model
    dataset: Dataset
    state: ExploreState | None


class CompareState(State):
    digit: int | None  # the test image that is highlighted; by default the first
    picture: Literal["reconstruction", "difference"] | None  # what the models' pictures show
    worst: int | None  # the class whose worst reconstructions are shown, if any
    layer: Literal["points", "holes"] | None  # what the maps show
    classes: Sequence[int] | None
    frames: (
        Sequence[Sequence[float]] | None
    )  # of each map its `frame`, empty where it is the default


class Compare(Page):
    models: Sequence[Model]
    dataset: Dataset
    state: CompareState | None


class InterpolateState(State):
    a: int | None  # test images
    b: int | None
    drawn: Sequence[Literal["a", "b"]] | None  # the ends that are drawings, not in the address
    t: float | None  # 0 (A) to 1 (B); by default halfway
    classes: Sequence[int] | None
    frames: Sequence[Sequence[float]] | None


class Interpolate(Page):
    models: Sequence[Model]
    dataset: Dataset
    a: int | None  # where it starts; by default two test images of two classes
    b: int | None
    state: InterpolateState | None


class ReconstructState(State):
    images: Sequence[int] | None  # test images
    kind: str | None
    level: float | None
    angle: float | None  # of a shift, in degrees; 0 by default
    noise: int | None  # which draw of it; 0 by default
    size: str | None  # latents of the model on show, where one is; the last one's by default
    rows: Literal["all"] | None  # all models instead


class Reconstruct(Page):
    models: Sequence[LabelledModel]  # one row each, all of one data set
    dataset: Dataset
    images: Sequence[int] | None  # test images; without them the examples of the data set
    controls: Literal["corruption", "perturbation", "size"] | None
    kind: str  # which of them by default, such as "masking" or "rotate"
    level: float  # where its slider is by default, as a share of the slider's end
    state: ReconstructState | None


class AnomaliesState(State):
    threshold: float | None  # by default that with few false positives
    look: str | None  # the image shown large, such as "normal-3801"; by default the first


class Draws(Page):
    models: Sequence[LabelledModel]  # one grid each
    plural: str  # what the images show


class BetaState(State):
    beta: str | None  # the label of the model on show; by default that of β = 1
    classes: Sequence[int] | None
    frame: Sequence[float] | None


class Beta(Page):
    models: Sequence[BetaModel]  # in the order of β
    dataset: Dataset
    state: BetaState | None


class Anomalies(Page):
    model: Model | None  # reconstructs the images in the browser, where there is one
    reconstructed: str | None  # without a model: base64 of all samples, 784 bytes each
    detector: Detector
    normal: Dataset
    anomalous: Dataset
    state: AnomaliesState | None


class Train(Page):
    run: str
    dataset: Dataset  # its examples are what the snapshots reconstruct
    progress: RunProgress
    reveal: bool  # scroll to it once
    prior: bool  # the codes are pulled towards N(0, I), whose unit circle the map shows


class TrainState(TypedDict):
    """Sent when the page should be redrawn."""

    state: str
    message: str
    epoch: int


class LessonLink(TypedDict):
    key: str
    title: str


class GlossaryTerm(TypedDict):
    key: str  # of its place in the address, such as glossary#kl
    title: str
    chapter: str
    sentence: str  # what it means
    more: str  # about the picture, or with a number such as "{kl vae-2}"; "" if there is none
    picture: str | None  # what is drawn, such as "draws ae-16"
    lesson: LessonLink | None  # the one about it


class Glossary(Page):
    terms: Sequence[GlossaryTerm]
    models: Mapping[str, Model]  # those of the pictures and the numbers, by name
    detectors: Mapping[str, Detector]
    dataset: Dataset
