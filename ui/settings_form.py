"""The form for the settings of a run, made from the tables that the settings come from."""

from dataclasses import replace
from typing import Any

import streamlit as st

from aemodels import views
from aemodels.config import Config, every_setting, groups, table
from aemodels.data import own
from aemodels.families import FAMILIES
from aemodels.runs import process
from aemodels.setting import Setting, SettingError
from ui import markdown, terms, training_length

FIRST = ("latent_dim",)
LAST = "epochs"
# Above the settings of each group; that of the network stands below the choice of its kind.
HEADINGS = {
    "family": "Objective",
    "data": "Images",
    "augmentation": "Augmentation",
    "loop": "Optimisation",
    "machine": "Machine",
}


def form() -> Config | None:
    """The settings that were chosen; None, with a sentence on the page, if one can't be used."""
    trained = [name for name, kind in FAMILIES.items() if not kind.closed_form]
    _start("set_family", trained[0])
    family = st.selectbox(
        "Family", trained, format_func=lambda name: FAMILIES[name].title, key="set_family"
    )
    st.session_state.kept_set_family = family
    made = FAMILIES[family]
    st.caption(terms.link(f"{made.meaning[0].upper()}{made.meaning[1:]}."))
    values: dict[str, Any] = {"family": family}
    usual = table(family, made.networks[0])
    # These are the same for each of its networks.
    plain = [name for name, setting in made.table().items() if not setting.advanced]
    for name in (*FIRST, *plain):
        values[name] = _field(family, usual[name])
    length = training_length.pick(timed=process.trains_here())
    row = usual[LAST]
    values[LAST] = _field(family, row) if length == training_length.OWN else _usual(family, row)
    with st.expander("More settings"):
        values["network"] = _network(family)
        known = table(family, values["network"])
        for place, group in groups(family, values["network"]).items():
            rest = [setting for name, setting in group.items() if name not in values]
            if rest and place in HEADINGS:
                st.markdown(f"**{HEADINGS[place]}**")
            for setting in rest:
                shown = not setting.needs or _differs(known[setting.needs], values[setting.needs])
                usually = _usual(family, setting)
                values[setting.name] = _field(family, setting) if shown else usually
    try:
        checked = {
            name: known[name].parse(value) if isinstance(value, str) and name in known else value
            for name, value in values.items()
        }
        return Config.from_dict(checked)
    except SettingError as error:
        st.error(markdown.escape(worded(error)))
        return None


def _differs(setting: Setting, value: Any) -> bool:
    """Whether a field holds another value than its setting's default."""
    try:
        return bool(setting.parse(setting.text(value)) != setting.default)
    except SettingError:
        return True


def start_from(config: Config) -> None:
    """Fill the form with the settings of another model, before it is drawn."""
    family = config.family.name
    st.session_state.set_family = family
    training_length.choose(training_length.OWN)
    st.session_state[_key(family, "network")] = config.network.kind
    values = config.to_dict()
    for name, setting in table(family, config.network.kind).items():
        st.session_state[_key(family, name)] = _shown(setting, values[name])


def train_on(dataset: str) -> None:
    """Choose a data set for every family, before the form is drawn."""
    for family in FAMILIES:
        st.session_state[_key(family, "dataset")] = dataset


def _network(family: str) -> str:
    """The kind of network; a field if the family has several."""
    kinds = FAMILIES[family].networks
    if len(kinds) == 1:
        return kinds[0]
    return str(_field(family, replace(every_setting()["network"], default=kinds[0], choices=kinds)))


def _usual(family: str, setting: Setting) -> Any:
    """A family's default of a setting."""
    return FAMILIES[family].defaults.get(setting.name, setting.default)


def _key(family: str, name: str) -> str:
    """The key of a field; each family has its own fields, since it has its own defaults."""
    return f"set_{family}_{name}"


def _shown(setting: Setting, value: Any) -> Any:
    """A value as its field holds it.

    Fractions and lists of numbers are text, since Streamlit's number field would round 0.003 to the
    digits of its step.
    """
    if isinstance(value, bool):
        return value
    return setting.text(value) if isinstance(value, float | tuple | list) else value


def _start(key: str, value: Any) -> None:
    """Set a field that is empty to what it held before another page was shown, or to `value`.

    Streamlit refuses a default for a field whose value was set, and leaves None when a page is left.
    """
    if st.session_state.get(key) is None:
        st.session_state[key] = st.session_state.get(f"kept_{key}", value)


def worded(error: SettingError) -> str:
    """The error about a setting, in the words of this form."""
    return error.worded({name: setting.label for name, setting in every_setting().items()})


def _field(family: str, setting: Setting) -> Any:
    """The control of one setting, which depends on its type."""
    key, about = _key(family, setting.name), f"{setting.meaning}; {setting.limits}"
    _start(key, _shown(setting, _usual(family, setting)))
    value: Any
    if isinstance(setting.default, bool):
        value = st.toggle(setting.label, key=key, help=setting.meaning)
    elif setting.choices:
        others = own.names() if setting.others else ()
        # One that has been removed since can't be kept.
        if st.session_state[key] not in (*setting.choices, *others):
            st.session_state[key] = setting.default
        value = st.selectbox(
            setting.label,
            (*setting.choices, *others),
            format_func=lambda name: (
                views.title(name) if name in others else setting.choice_title(name)
            ),
            key=key,
            help=setting.meaning,
        )
    elif isinstance(setting.default, float | tuple):
        value = st.text_input(setting.label, key=key, help=about)
    else:
        # With limits it would show a number outside them but return the one before.
        value = st.number_input(setting.label, step=1, key=key, help=about)
    st.session_state[f"kept_{key}"] = value
    return value
