"""The form that makes a training's settings, all of it from the one table in `aemodels.config`."""

import re
from typing import Any

import streamlit as st

from aemodels.config import SETTINGS, TRAINED, Config, Setting, SettingError
from aemodels.families import FAMILIES
from aemodels.families.base import Family

FIRST = ("latent_dim", "epochs")
# Where the table's name says too little to who never saw it.
LABELS = {
    "latent_dim": "Latents",
    "body": "Network",
    "hidden": "Hidden layers",
    "code": "Activation of the code",
    "objective": "Reconstruction error",
    "train_images": "Training images",
    "dataset": "Data set",
    "level": "Corruption level",
    "levels": "Corruption levels",
    "target": "Target activation",
    "sparsity": "Sparsity penalty",
}


def form() -> Config | None:
    """The settings that the person has chosen, or None with a sentence where they don't fit."""
    _start("set_family", TRAINED[0])
    family = st.selectbox(
        "Family", TRAINED, format_func=lambda name: FAMILIES[name].title, key="set_family"
    )
    st.session_state.kept_set_family = family
    kind = FAMILIES[family]
    st.caption(f"{kind.meaning[0].upper()}{kind.meaning[1:]}.")
    used = {name: item for name, item in SETTINGS.items() if name in kind.settings}
    first = (*FIRST, *(name for name in used if name in kind.knobs))
    values: dict[str, Any] = {"family": family}
    for name in first:
        values[name] = _field(used[name], kind)
    with st.expander("More settings"):
        if "body" in used:
            values["body"] = _field(used["body"], kind)
        network = kind.network or values["body"]
        for name, setting in used.items():
            if name not in values and (not setting.networks or network in setting.networks):
                values[name] = _field(setting, kind)
    try:
        checked = {
            name: used[name].parse(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return Config(**checked)
    except SettingError as error:
        st.error(worded(str(error)))
        return None


def start_from(config: Config) -> None:
    """Fill the form with the settings of another model; to be called before it is drawn."""
    st.session_state.set_family = config.family
    for name in config.used():
        st.session_state[_key(config.family, name)] = _shown(SETTINGS[name], getattr(config, name))


def _key(family: str, name: str) -> str:
    """Of a field; each family has its own defaults, so its fields are its own."""
    return f"set_{family}_{name}"


def _shown(setting: Setting, value: Any) -> Any:
    """A value as its field holds it: numbers with fractions, and several numbers, as text, since
    Streamlit's number field would round 0.003 to the digits of its step.
    """
    return setting.text(value) if isinstance(value, float | tuple) else value


def _start(key: str, value: Any) -> None:
    """What a field holds at first: what it held before another page was shown, or `value`. Its own
    default may not stand beside a value that was put there; None is what Streamlit leaves of it.
    """
    if st.session_state.get(key) is None:
        st.session_state[key] = st.session_state.get(f"kept_{key}", value)


def worded(message: str) -> str:
    """A message about a setting with the labels of this form for the words of a command line."""
    for name, setting in SETTINGS.items():
        message = re.sub(rf"^{name}=", f"{label(setting)} ", message)
        message = re.sub(rf"{setting.flag}(?![\w-])", label(setting), message)
    return message


def label(setting: Setting) -> str:
    """What stands above its control."""
    return LABELS.get(setting.name, setting.name.replace("_", " ").capitalize())


def _field(setting: Setting, kind: Family) -> Any:
    """One control for one setting, of the kind that its type asks for."""
    key, about = _key(kind.name, setting.name), f"{setting.meaning}; {setting.limits}"
    default = kind.defaults.get(setting.name, setting.default)
    _start(key, _shown(setting, default))
    value: Any
    if setting.choices:
        value = st.selectbox(label(setting), setting.choices, key=key, help=about)
    elif isinstance(default, float | tuple):
        value = st.text_input(label(setting), key=key, help=about)
    else:
        # Given limits it would show a number beyond them and go on with the one before.
        value = st.number_input(label(setting), step=1, key=key, help=about)
    st.session_state[f"kept_{key}"] = value
    return value
