"""The form that makes a training's settings, all of it from the one table in `aemodels.config`."""

from typing import Any

import streamlit as st

from aemodels.config import FAMILIES, SETTINGS, Config, Setting, SettingError
from pages import shelf

FIRST = ("latent_dim", "epochs", "beta")
TRAINED = [name for name, family in FAMILIES.items() if not family.closed_form]


def form() -> Config | None:
    """The settings that the person has chosen, or None with a sentence where they don't fit."""
    family = st.segmented_control(
        "Family",
        TRAINED,
        default=TRAINED[0],
        format_func=lambda name: shelf.TITLES.get(name, name),
        key="set_family",
        required=True,
    )
    used = {name: item for name, item in SETTINGS.items() if family in item.families}
    values: dict[str, Any] = {"family": family}
    for name in FIRST:
        if name in used:
            values[name] = _field(used[name])
    with st.expander("More settings"):
        values["body"] = _field(used["body"])
        for name, setting in used.items():
            if name not in ("family", "body", *FIRST) and values["body"] in setting.bodies:
                values[name] = _field(setting)
    try:
        checked = {
            name: used[name].parse(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return Config(**checked)
    except SettingError as error:
        st.error(str(error))
        return None


def _field(setting: Setting) -> Any:
    """One control for one setting, of the kind that its type asks for."""
    label = setting.name.replace("_", " ").capitalize()
    key, about = f"set_{setting.name}", f"{setting.meaning}; {setting.limits}"
    default = setting.default
    if setting.choices:
        return st.selectbox(
            label, setting.choices, index=setting.choices.index(default), key=key, help=about
        )
    if isinstance(default, tuple):
        return st.text_input(label, setting.text(default), key=key, help=about)
    if isinstance(default, float):
        # As text: Streamlit's number field would round 0.003 to the digits of its step.
        return st.text_input(label, setting.text(default), key=key, help=about)
    assert setting.low is not None
    assert setting.high is not None
    return st.number_input(label, int(setting.low), int(setting.high), default, key=key, help=about)
