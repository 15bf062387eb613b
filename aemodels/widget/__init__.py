"""The app's views in a notebook: in Jupyter, VS Code and marimo, by anywidget.

    from aemodels import widget

    w = widget.explore("vae-2")          # or what `aemodels.load` and `aemodels.fit` return
    w                                    # drag in the map
    w.z                                  # [0.412, -1.03], where the pointer was let go
    w.z = [0.5, -1.0]                    # the view follows
    w.observe(print, "z")                # called whenever z has changed

    widget.compare(["pca-16", "ae-16", "vae-16"])
    widget.interpolate({"5 epochs": mine, "60 epochs": longer}, a=7, b=3)
    widget.train(run)                    # its map over the epochs, live

A model is a name of the zoo, a path of a bundle, a `Bundle`, a `Run`, an `Autoencoder` or a fitted
`AutoencoderTransformer`. Nothing is fetched from the network: modules, weights and images come from
the kernel, so a notebook on another machine works too. Needs anywidget: pip install
'latent-lab[notebook]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aemodels.data import Dataset
    from aemodels.runs import Run
    from aemodels.widget.anywidgets import Compare, Explore, Interpolate, Train
    from aemodels.widget.shown import ModelLike

__all__ = ["compare", "explore", "interpolate", "train"]


def explore(model: ModelLike, *, dataset: Dataset | None = None, **state: Any) -> Explore:
    """Show one model: its map, a slider for each latent and the decoded image.

    Parameters
    ----------
    model : str, Path, Bundle, Run, Autoencoder or AutoencoderTransformer
        The model; one without a bundle encodes the test images first.
    dataset : Dataset
        What the images are of, for a model that was trained on arrays of your own.
    **state
        What is set at first, such as `digit=7` or `z=[0.5, -1.0]`, by the names of the traits.

    Returns
    -------
    Explore
        Its traits follow the view, and the view follows them. `digit` is the test image that is
        the input, `z` its code (latent_dim,) or where a person has moved it; setting `digit` sets
        `z` to its code. The others are those of `aemodels.views.contract.ExploreState`: None is
        the default there.

    Raises
    ------
    ImportError
        If anywidget isn't installed.
    aemodels.bundles.BundleError
        If there is no such bundle, or it is damaged.
    aemodels.data.DataError
        If the test images aren't here.
    traitlets.TraitError
        If a value can't be set.

    Examples
    --------
    >>> w = aemodels.widget.explore("vae-2", z=[0.5, -1.0])
    >>> w.z
    [0.5, -1.0]
    """
    made: Explore = _anywidgets().Explore(_read_all([model], dataset), **state)
    return made


def compare(
    models: Sequence[ModelLike] | Mapping[str, ModelLike],
    *,
    dataset: Dataset | None = None,
    **state: Any,
) -> Compare:
    """Show two to four models side by side, with one test image highlighted on all maps.

    Parameters
    ----------
    models : sequence or mapping
        Models as `explore` takes them, all of one data set; a mapping has their titles as keys.
    dataset : Dataset
        As for `explore`.
    **state
        What is set at first, by the names of the traits.

    Returns
    -------
    Compare
        `digit` is the test image that is highlighted; the other traits are those of
        `aemodels.views.contract.CompareState`.

    Raises
    ------
    ValueError
        If there are fewer than two models or more than four, or they are of several data sets.
    ImportError, BundleError, DataError, TraitError
        As `explore` does.
    """
    made: Compare = _anywidgets().Compare(_read_all(models, dataset, most=4), **state)
    return made


def interpolate(
    models: Sequence[ModelLike] | Mapping[str, ModelLike],
    *,
    a: int | None = None,
    b: int | None = None,
    dataset: Dataset | None = None,
    **state: Any,
) -> Interpolate:
    """Show the paths of two to four models from one test image to another.

    Parameters
    ----------
    models : sequence or mapping
        As for `compare`.
    a, b : int
        Test images, by default one of the last class and one of the first.
    dataset : Dataset
        As for `explore`.
    **state
        What is set at first, by the names of the traits, such as `t=0.25`.

    Returns
    -------
    Interpolate
        `a`, `b` and `t`, from 0 (A) to 1 (B), follow the view; an end that a person draws is None.

    Raises
    ------
    ValueError, ImportError, BundleError, DataError, TraitError
        As `compare` does.
    """
    ends = {name: end for name, end in (("a", a), ("b", b)) if end is not None}
    shown = _read_all(models, dataset, most=4)
    made: Interpolate = _anywidgets().Interpolate(shown, **ends, **state)
    return made


def train(run: str | Run) -> Train:
    """Show a run's map over its epochs, followed live while it trains.

    Parameters
    ----------
    run : str or Run
        Its id, or what `aemodels.runs.create` and `read` return.

    Returns
    -------
    Train
        `progress` is how far it was when the view last asked.

    Raises
    ------
    aemodels.runs.RunError
        If there is no such run.
    ImportError
        If anywidget isn't installed.
    """
    made: Train = _anywidgets().Train(run)
    return made


def _anywidgets() -> Any:
    try:
        from aemodels.widget import anywidgets
    except ModuleNotFoundError as error:
        if error.name not in ("anywidget", "ipywidgets", "traitlets"):
            raise
        raise ImportError(
            "aemodels.widget needs anywidget: pip install 'latent-lab[notebook]'"
        ) from None
    return anywidgets


def _read_all(models: Any, dataset: Dataset | None, most: int = 1) -> Any:
    from aemodels.widget import shown

    return shown.read_all(models, dataset, most)
