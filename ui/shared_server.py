"""Whether a visit is one to a server that several people share, or to an app on one's own computer.

`LATENT_LAB_SHARED` says yes or no; else (auto) whatever hints at others makes it a shared one: a
teacher's code, a login, an address that others reach, a visitor from elsewhere, a proxy in between.
"""

import ipaddress
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

SHARED, TEACHER, USER_HEADER = (
    "LATENT_LAB_SHARED",
    "LATENT_LAB_TEACHER",
    "LATENT_LAB_USER_HEADER",
)
# Set by proxies, and by none of the programs that a person runs an app of their own with.
_PROXIES = ("forwarded", "via", "x-real-ip")
_PROXY_PREFIX = "x-forwarded-"


def is_shared(headers: Mapping[str, str], client: str | None) -> bool:
    """Whether several people share the server that this request came to.

    `headers` are the request's and `client` the address that it came from, None where unknown. A
    request from this computer to an app that listens on this computer alone is the owner's own.
    """
    said = _setting()
    if said != "auto":
        return said != "no"
    if os.environ.get(TEACHER) or names_people():
        return True
    address = st.get_option("server.address")
    if not address or not _own(address) or (client is not None and not _own(client)):
        return True
    names = {name.lower(): value for name, value in headers.items()}
    if any(name in _PROXIES or name.startswith(_PROXY_PREFIX) for name in names):
        return True
    origin = names.get("origin", "null")
    hosts = [names.get("host"), None if origin == "null" else urlsplit(origin).netloc]
    return not all(_own(_host(each)) for each in hosts if each is not None)


def names_people() -> bool:
    """Whether a proxy or Streamlit says who a visitor is; nobody else can start a run then."""
    return bool(
        os.environ.get(USER_HEADER) or login() or st.get_option("server.trustedUserHeaders")
    )


def login() -> Mapping[str, Any]:
    """How Streamlit logs people in, as its secrets say; empty if it doesn't."""
    found: Mapping[str, Any] = get_secrets_auth_section()
    return found


def complaints() -> list[str]:
    """A sentence for what the environment says that can't be used."""
    found = []
    text = os.environ.get(SHARED, "")
    if text and _setting() != text.strip().lower():
        found.append(f"{SHARED}={text[:40]}: must be auto, yes or no; yes is used.")
    code, header = os.environ.get(TEACHER, ""), os.environ.get(USER_HEADER, "")
    if code and not code.strip():
        found.append(f"{TEACHER} is blank: the server counts as shared, and has no teacher.")
    if header and not header.strip():
        found.append(f"{USER_HEADER} is blank: it names nobody, so nobody can start a run.")
    address = st.get_option("server.address") or "all addresses"
    if header.strip() and not _own(address) and not address.startswith("unix:"):
        found.append(
            f"{USER_HEADER}={header[:40]} is believed as it comes, and the app listens on {address}: "
            "whoever reaches it without the proxy can be anybody. Listen on localhost, or let a "
            "firewall admit the proxy alone."
        )
    return found


def _setting() -> str:
    text = os.environ.get(SHARED, "").strip().lower() or "auto"
    return text if text in ("auto", "yes", "no") else "yes"


def _host(text: str) -> str:
    """The host in `lab.example:8501` or `[::1]:8501`; "" if there is none."""
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def _own(host: str) -> bool:
    """Whether only this computer can be meant by a name or an address."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
