"""nginx and Caddy with TLS and a login, set up by the very blocks of docs/class.md."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from browser import server
from tests.browser.proxies import program

DOCS = server.ROOT / "docs" / "class.md"
PASSWORD = "secret of ada"


def block(language: str) -> str:
    """The only block of docs/class.md in this language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return str(found)


def put(text: str, **values: str) -> str:
    """The text with these values in the place of the words that stand for them."""
    for old, new in values.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def nginx(target: str, folder: Path) -> Iterator[str]:
    """nginx with a certificate of its own before `target` (host and port); gives its address."""
    port = server.free_port()
    key, certificate, passwords = (folder / name for name in ("key", "pem", "htpasswd"))
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", PASSWORD], check=True, capture_output=True, text=True
    ).stdout
    passwords.write_text(f"ada:{hashed}")
    site = put(
        block("nginx"),
        **{
            "listen 443": f"listen 127.0.0.1:{port}",
            "localhost:8501": target,
            "/etc/ssl/lab.pem": str(certificate),
            "/etc/ssl/lab.key": str(key),
            "/etc/nginx/lab.htpasswd": str(passwords),
        },
    )
    scratch = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    runs_as = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{runs_as}daemon off;\npid {folder / 'pid'};\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{scratch}{site}}}\n",
        encoding="utf-8",
    )
    command = [str(program("nginx")), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with server.serve(command, f"http://{target}/", folder / "nginx.log"):
        yield f"https://localhost:{port}"


@contextlib.contextmanager
def caddy(target: str, folder: Path) -> Iterator[str]:
    """Caddy, which signs its own certificate for localhost, before `target`; gives its address."""
    port = server.free_port()
    caddy = str(program("caddy"))
    hashed = subprocess.run(
        [caddy, "hash-password", "--plaintext", PASSWORD],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout.strip()
    url = f"https://localhost:{port}"
    site = put(block("caddy"), **{"lab.example.org": url, "HASH": hashed, "localhost:8501": target})
    options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    file = folder / "Caddyfile"
    file.write_text(options + site, encoding="utf-8")
    command = [caddy, "run", "--adapter", "caddyfile", "--config", str(file)]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with server.serve(command, f"http://{target}/", folder / "caddy.log", environment=home):
        yield url
