"""The memory that a training takes at least, against PyTorch and the system."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs.engines import needs
from aemodels.runs.engines.needs import needs_of
from aemodels.setting import SettingError
from aemodels.training import memory
from aemodels.training.loop import _copy
from aemodels.training.optimizer import AdamW

WIDE = Config.of("vae", hidden=(4096,) * 6, batch_size=100)
GB = 10**9


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_are_counted_as_pytorch_counts_them(family: str) -> None:
    config = Config.of(family)
    parameters = Autoencoder(config).parameters()
    assert memory.weight_count(config) == sum(each.numel() for each in parameters)


def test_what_a_network_takes_is_what_its_tensors_take() -> None:
    config = Config.of("ae", hidden=(64, 32))
    model = Autoencoder(config)
    optimizer = AdamW(dict(model.named_parameters()), config.loop)
    # A gradient is as large as its parameter.
    held = [*model.parameters(), *model.parameters(), *_copy(model).values()]
    held += [value for name, value in optimizer.state().items() if not name.startswith("step")]
    assert memory.network_bytes(config) == sum(each.nbytes for each in held)


@pytest.mark.parametrize("samples", [1, 24])
def test_a_batch_is_estimated_from_both_sides(samples: int) -> None:
    """What a step must keep for its gradients is more than the bound below, less than what an
    engine is asked for.
    """
    config = Config.of("vae", importance_samples=samples, batch_size=40)
    model = Autoencoder(config)
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if not isinstance(tensor, torch.nn.Parameter):
            kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    generator = torch.Generator().manual_seed(0)
    images = torch.rand(40, 784, generator=generator)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        config.family.objective(model, Batch(images), generator)
    weights = {each.untyped_storage().data_ptr() for each in model.parameters()}
    held = sum(size for place, size in kept.items() if place not in weights)
    assert memory.batch_bytes(config) < held
    without = needs_of(config.with_(batch_size=1)).memory
    assert held < needs_of(config).memory - without + needs.BYTES_PER_UNIT * 10_000
    # And not far above.
    assert memory.batch_bytes(config) > held / 4


def test_the_sentence_names_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 2 * GB)
    with pytest.raises(SettingError) as error:
        memory.check(WIDE)
    assert str(error.value) == (
        "hidden=4096,4096,4096,4096,4096,4096: training takes at least 3.6 GB of memory, of which "
        "2.0 GB are free; try fewer or smaller layers"
    )
    with pytest.raises(SettingError, match=r"batch_size=60000: .* try a smaller one"):
        memory.check(Config.of("vae", hidden=(2048,) * 4, batch_size=60_000))
    memory.check(Config.of("vae"))
    monkeypatch.setattr(memory, "available", lambda: GB // 20)
    with pytest.raises(SettingError, match="close other programs"):
        memory.check(Config.of("vae"))
    monkeypatch.setattr(memory, "available", lambda: None)
    memory.check(WIDE)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't say")
def test_a_limit_on_addresses_counts() -> None:
    code = "from aemodels.training import memory; print(memory.available())"
    words = ["sh", "-c", 'ulimit -v 1000000; exec "$@"', "sh", sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    assert 500 << 20 < int(done.stdout) < 1000 << 20


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("0::/class/ada", ("memory.max", "memory.current", "inactive_file")),
        (
            "4:memory:/class/ada",
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ),
    ],
)
def test_a_control_group_counts_and_those_around_it(
    version: str, names: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "cgroup"
    root = home / "memory" if "memory:" in version else home
    limit, usage, cache = names
    for folder, most in ((root / "class", "5000"), (root / "class" / "ada", "max")):
        folder.mkdir(parents=True)
        (folder / limit).write_text(f"{most}\n", encoding="utf-8")
        (folder / usage).write_text("4000\n")
        (folder / "memory.stat").write_text(f"anon 1\n{cache} 300\n")
    monkeypatch.setattr(memory, "CGROUP", home)
    real = Path.read_text

    def read(path: Path, *given: str) -> str:
        return f"{version}\n" if str(path) == "/proc/self/cgroup" else real(path, *given)

    monkeypatch.setattr(Path, "read_text", read)
    assert list(memory._control_groups()) == [1300]
