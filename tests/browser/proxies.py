"""Proxies before the app, set up by the very blocks of docs/serving.md."""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from browser import server

DOCS = server.ROOT / "docs" / "serving.md"


def block(language: str) -> str:
    """The only block of docs/serving.md in this language."""
    found = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert len(found) == 1, language
    return str(found[0])


def line(words: str) -> str:
    """These words, which docs/serving.md has."""
    assert f"`{words}`" in DOCS.read_text("utf-8"), words
    return words


def program(name: str) -> str | None:
    """The program's path; /usr/sbin isn't on everybody's path."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


@contextlib.contextmanager
def caddy(target: str, base: str, folder: Path) -> Iterator[str]:
    """Caddy with HTTPS before the app at `target` (host and port) + `base`; gives the address."""
    port = server.free_port()
    site = block("caddy").replace("lab.example.org", f"https://localhost:{port}")
    options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    file = folder / "Caddyfile"
    file.write_text(options + site.replace("localhost:8501", target), encoding="utf-8")
    command = [str(program("caddy")), "run", "--adapter", "caddyfile", "--config", str(file)]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    url = f"https://localhost:{port}/course"
    with server.serve(
        command, f"{url}{base}/_stcore/health", folder / "caddy.log", environment=home
    ):
        yield url + base


@contextlib.contextmanager
def nginx(target: str, base: str, folder: Path, user: str = "") -> Iterator[str]:
    """nginx before the app at `target` (host and port) + `base`; gives the address.

    With a `user`, it says in the header X-Remote-User that this one is logged in.
    """
    port = server.free_port()
    folder.mkdir(exist_ok=True)
    location = block("nginx").replace("localhost:8501", target)
    if user:
        header = line("proxy_set_header X-Remote-User $remote_user;")
        named = header.replace("$remote_user", user)
        location = location.replace("proxy_read_timeout", f"{named}\n    proxy_read_timeout")
    scratch = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    runs_as = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"{runs_as}daemon off;\npid {folder / 'pid'};\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{scratch}server {{\nlisten 127.0.0.1:{port};\n"
        f"{location}}}\n}}\n",
        encoding="utf-8",
    )
    command = [str(program("nginx")), "-c", str(file), "-p", str(folder)]
    url = f"http://localhost:{port}/course"
    with server.serve(command, f"{url}{base}/_stcore/health", folder / "nginx.log"):
        yield url + base


@contextlib.contextmanager
def jupyter(port: int, folder: Path) -> Iterator[str]:
    """A notebook server with jupyter-server-proxy before the app at that port of this machine."""
    own = server.free_port()
    options = {
        "port": own,
        "base_url": "/user/ada/",
        "root_dir": folder,
        "open_browser": False,
        "allow_root": True,
    }
    command = [sys.executable, "-m", "jupyter_server", "--IdentityProvider.token="]
    command += [f"--ServerApp.{name}={value}" for name, value in options.items()]
    home = {"HOME": str(folder), "JUPYTER_PREFER_ENV_PATH": "1"}
    url = f"http://localhost:{own}/user/ada/proxy/{port}"
    with server.serve(command, f"{url}/_stcore/health", folder / "jupyter.log", environment=home):
        yield url
