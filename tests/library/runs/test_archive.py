"""Bundles as zips: there and back the same, and nothing else gets in."""

import hashlib
import io
import json
import pickle
import stat
import zipfile
from pathlib import Path

import onnx
import pytest
import torch

from aemodels import runs
from aemodels.bundles import bundle
from aemodels.runs import archive, folder, http, process


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "runs"


@pytest.fixture(scope="session")
def files(made: Path) -> dict[str, bytes]:
    return {name: (made / "vae" / name).read_bytes() for name in archive.NAMES}


def zipped(files: dict[str, bytes], kind: int = stat.S_IFREG) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            packed.writestr(entry, content)
    return stream.getvalue()


def refused(content: bytes, filename: str, home: Path) -> str:
    with pytest.raises(archive.ArchiveError) as caught:
        archive.unpack(content, filename)
    message = str(caught.value)
    assert "\n" not in message
    assert runs.list_runs() == []
    assert not home.exists() or {entry.name for entry in home.iterdir()} <= {folder.CHANGES}
    return message


@pytest.mark.parametrize("family", ["vae", "ae", "pca"])
def test_there_and_back(family: str, made: Path) -> None:
    content = archive.pack(made / family)
    assert content == archive.pack(made / family)
    run = archive.unpack(content, f"C:\\models\\my {family}.zip")
    assert (run.name, run.state, run.records(), run.snapshot_moments()) == (
        f"my {family}",
        "loaded",
        [],
        [],
    )
    assert run.bundle_path is not None
    found, expected = bundle.read(run.bundle_path), bundle.read(made / family)
    assert found.digests == expected.digests
    assert found.metrics == expected.metrics
    assert run.config == expected.config
    assert run.command == expected.command
    for epochs in (None, 3):
        with pytest.raises(runs.RunError, match="was loaded as a finished model"):
            process.start(run, epochs)
    runs.delete(run)
    assert runs.list_runs() == []


@pytest.mark.parametrize("prefix", ["", "a model/"])
def test_one_folder_or_none_around_the_files(prefix: str, files: dict[str, bytes]) -> None:
    content = zipped({prefix + name: content for name, content in files.items()})
    assert archive.unpack(content, "x.zip").state == "loaded"


@pytest.mark.parametrize("name", ["model.pt", "MODEL.PTH", "a.pkl", "b.ckpt", "c.pickle"])
def test_pickles_are_refused_by_name(name: str, files: dict[str, bytes], home: Path) -> None:
    says = refused(zipped(files), name, home)
    assert "can run code" in says
    assert "upload the zip file of a bundle instead" in says
    assert "can run code" in refused(zipped({**files, name: b""}), "x.zip", home)


def test_pickles_are_refused_by_content(home: Path) -> None:
    stream = io.BytesIO()
    torch.save({"weight": torch.zeros(2)}, stream)
    assert "can run code" in refused(stream.getvalue(), "model.zip", home)
    assert "can run code" in refused(pickle.dumps([1, 2]), "model.zip", home)
    old = io.BytesIO()
    torch.save([1], old, _use_new_zipfile_serialization=False)
    assert "can run code" in refused(old.getvalue(), "model.zip", home)


@pytest.mark.parametrize(
    "name",
    [
        "../bundle.json",
        "/bundle.json",
        "a/../../bundle.json",
        "..\\bundle.json",
        "C:bundle.json",
        "./bundle.json",
        "a//bundle.json",
    ],
)
def test_entries_outside_the_folder_are_refused(name: str, home: Path) -> None:
    assert "holds an entry outside its folder" in refused(zipped({name: b"{}"}), "x.zip", home)


def test_odd_entries_are_refused(files: dict[str, bytes], home: Path) -> None:
    says = refused(zipped(files, stat.S_IFLNK), "x.zip", home)
    assert "holds a link or a device" in says
    says = refused(zipped({**files, "run.sh": b""}), "x.zip", home)
    assert "holds 'run.sh', which is not part of a bundle" in says
    says = refused(zipped({**files, "a/b/codes.npy": b""}), "x.zip", home)
    assert "holds codes.npy twice" in says
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("codes.npy", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            packed.writestr("codes.npy", b"2")
    assert "holds codes.npy twice" in refused(stream.getvalue(), "x.zip", home)
    spread = {f"{number}/{name}": files[name] for number, name in enumerate(files)}
    assert "more than one folder" in refused(zipped(spread), "x.zip", home)
    deep = {f"a/b/c/{name}": content for name, content in files.items()}
    assert "a bundle more than 2 folders deep" in refused(zipped(deep), "x.zip", home)
    many = {f"__MACOSX/{number}": b"" for number in range(200)}
    assert "more than 100 files" in refused(zipped({**files, **many}), "x.zip", home)


def test_graphs_from_elsewhere_never_reach_a_browser(files: dict[str, bytes], home: Path) -> None:
    """Of an uploaded bundle they are written anew; another one put in later isn't given."""
    graph = onnx.load_model_from_string(files[bundle.DECODER])
    graph.graph.node[-1].op_type = "Tanh"
    other = graph.SerializeToString()
    facts = json.loads(files[bundle.MANIFEST])
    record = {"sha256": hashlib.sha256(other).hexdigest(), "bytes": len(other)}
    facts["files"][bundle.DECODER] = record
    changed = {**files, bundle.DECODER: other, bundle.MANIFEST: json.dumps(facts).encode()}
    run = archive.unpack(zipped(changed), "x.zip")
    served = http.find(f"{run.id}/{bundle.DECODER}")
    assert served is not None
    assert served.read_bytes() == files[bundle.DECODER]
    for name in (bundle.DECODER, bundle.MANIFEST):
        (served.parent / name).write_bytes(changed[name])
    with pytest.raises(bundle.BundleError, match=r"decoder.onnx isn't the graph of its settings"):
        bundle.read(served.parent)
    assert http.find(f"{run.id}/{bundle.DECODER}") is None


def encrypted(content: bytes) -> bytes:
    """The zip with the bit set that says that an entry is encrypted, in both of its headers."""
    found = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = found.find(mark)
        while start >= 0:
            found[start + place] |= 1
            start = found.find(mark, start + 4)
    return bytes(found)


def test_an_encrypted_zip_is_refused(files: dict[str, bytes], home: Path) -> None:
    assert "x.zip is encrypted" in refused(encrypted(zipped(files)), "x.zip", home)


CLUTTER = (
    "__MACOSX/my model/._codes.npy",
    "__MACOSX/._my model",
    "my model/README.txt",
    "my model/.DS_Store",
    ".DS_Store",
    "my model/Thumbs.db",
    "my model/desktop.ini",
    "my model/._bundle.json",
)


@pytest.mark.parametrize("folder", ["", "my model/", "my model\\", "outer/my model/"])
def test_what_file_managers_add_is_left_out(folder: str, files: dict[str, bytes]) -> None:
    """A person unpacked a bundle, looked at it, and zipped the folder again."""
    names = {f"{folder}{name}": content for name, content in files.items()}
    entries = {**names, **dict.fromkeys(CLUTTER, b"clutter"), folder: b"", "empty/": b""}
    if not folder:
        del entries[""]
    run = archive.unpack(zipped(entries), "again.zip")
    assert run.bundle_path is not None
    assert {file.name: file.read_bytes() for file in run.bundle_path.iterdir()} == files


def test_unusual_packing_is_refused(files: dict[str, bytes], home: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    assert "uses an unusual compression" in refused(stream.getvalue(), "x.zip", home)


def test_what_comes_out_is_counted(
    files: dict[str, bytes], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("codes.npy", bytes(2_000_000))
    assert "unpacks to more than 1,000,000 bytes" in refused(bomb.getvalue(), "x.zip", home)


def test_damaged_zips_and_bundles_are_refused(files: dict[str, bytes], home: Path) -> None:
    content = zipped(files)
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for damaged in (b"", b"PK", b"hello", content[:-100], flipped):
        assert "not a zip file, or it is damaged" in refused(damaged, "x.zip", home)
    for name in archive.NAMES:
        missing = {key: value for key, value in files.items() if key != name}
        says = refused(zipped(missing), "x.zip", home)
        assert says == f"x.zip holds no usable model: {name} is missing"
    wrong = {**files, "codes.npy": files["codes.npy"][:-4] + b"\0\0\0\0"}
    assert "codes.npy has the wrong SHA-256" in refused(zipped(wrong), "x.zip", home)
    # JSON can say half of a character, which no file can hold.
    facts = {**json.loads(files[bundle.MANIFEST]), "command": "\ud800"}
    half = {**files, bundle.MANIFEST: json.dumps(facts).encode()}
    assert "bundle.json has a command that isn't text" in refused(zipped(half), "x.zip", home)
