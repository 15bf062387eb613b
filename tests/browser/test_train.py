"""Train: a real short run is started, watched, paused, reloaded, resumed, stopped and explored."""

import io
import json
import os
import re
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from aemodels.bundles import bundle
from browser import runs, server
from browser.keyboard import Keyboard
from browser.lens import Lens
from tests.browser.conftest import SIZE, Complaints

NewLens = Callable[..., Lens]
QUICK = ("--family", "vae", "--hidden", "32", "--train-images", "2000", "--batch-size", "500")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder for runs; one thread, so that training leaves the browser a core."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("app") / "app.log"
    with server.app(log, runs.settings(home)) as found:
        yield found


@pytest.fixture(scope="module")
def finished(home: Path) -> str:
    """A finished run of the command line, in the app's folder; there is one to delete as well, and
    two of one name.
    """
    runs.train(
        runs.settings(home),
        runs.words("from-the-shell", *QUICK, "--epochs", "3"),
        runs.words("to-delete", *QUICK, "--epochs", "1"),
        runs.words("twin-a", "--family", "pca", "--name", "Twin"),
        runs.words("twin-b", "--family", "pca", "--name", "Twin"),
    )
    return "from-the-shell"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """It keeps its cache from test to test, as a person's does."""
    made = browser.new_context(viewport=SIZE)
    yield made
    made.close()


@pytest.fixture
def train(url: str, context: BrowserContext, complaints: Complaints) -> Iterator[Lens]:
    page = context.new_page()
    complaints.watch(page, url)
    page.goto(f"{url}/train")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    yield Lens(page, url)
    page.close()


def set_number(lens: Lens, name: str, value: int) -> None:
    field = lens.page.get_by_role("spinbutton", name=name)
    if name == "Epochs" and not field.count():
        lens.page.get_by_role("radio", name="Epochs").click()
    field.fill(str(value))
    field.press("Enter")


def press(lens: Lens, name: str) -> None:
    lens.page.get_by_role("button", name=name, exact=True).click()


def wait_for_state(lens: Lens, state: str, seconds: float = 30) -> None:
    expect(lens.page.get_by_text(state, exact=True).first).to_be_visible(timeout=1000 * seconds)


def run_of(lens: Lens) -> str:
    found = re.search(r"[?&]run=([a-z0-9-]+)", lens.page.url)
    assert found, lens.page.url
    return found[1]


def records(home: Path, run: str) -> list[dict[str, object]]:
    path = home / "runs" / run / "records.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_run_from_start_to_explore(train: Lens, home: Path, url: str, new_lens: NewLens) -> None:
    """Start, watch, reload, pause, look from a second browser, resume, stop, drag the model."""
    set_number(train, "Epochs", 200)
    press(train, "Train")
    wait_for_state(train, "Running")
    run = run_of(train)
    train.eventually(lambda: len(records(home, run)) >= 1, 60)
    train.ready()
    assert train.map().is_visible()

    train.page.reload()
    wait_for_state(train, "Running")
    press(train, "Pause")
    wait_for_state(train, "Paused")
    second = new_lens(url)
    second.page.goto(f"{url}/train?run={run}")
    wait_for_state(second, "Paused")
    before = len(records(home, run))
    second.page.wait_for_timeout(1500)
    assert len(records(home, run)) == before
    press(second, "Resume")
    wait_for_state(train, "Running")
    train.eventually(lambda: len(records(home, run)) > before, 60)

    press(train, "Stop")
    wait_for_state(train, "Stopped", 120)
    expect(train.page.get_by_text(re.compile(r"^in epoch \d+$"))).to_be_visible()
    found = bundle.read(home / "runs" / run / "bundle")
    assert not found.training.finished
    keys_reach_the_map_and_its_moments(Keyboard(train.page, url))
    press(train, "Open in Explore")
    train.slider("z1").wait_for()
    train.ready()
    seen = {train.picture().tobytes()}
    train.drag(train.map(), (0.3, 0.3))
    for share in (0.4, 0.5, 0.6):
        train.move(train.map(), (share, share))
        seen.add(train.eventually(lambda: {train.picture().tobytes()} - seen).pop())
    train.release()
    assert len(seen) == 4


def keys_reach_the_map_and_its_moments(keyboard: Keyboard) -> None:
    keyboard.tab_to("latent map of the run", 120)
    keyboard.press("ArrowRight", "+", "-", "0", "Escape")
    assert keyboard.focused() == "latent map of the run"
    keyboard.tab_to("Replay")
    keyboard.press("Enter")
    stop = keyboard.page.locator(".replay", has_text="Stop")
    stop.wait_for()
    keyboard.press("Enter")
    assert keyboard.focused() == "Replay"
    keyboard.tab_to("epoch")
    slider = keyboard.slider("epoch")
    last = int(slider.get_attribute("max") or 0)
    there = min(last, 11)
    for key, place in [("Home", 0), ("ArrowRight", 1), ("PageUp", there), ("PageDown", there - 10)]:
        keyboard.press(key)
        assert int(slider.input_value()) == max(0, place)
        assert slider.get_attribute("aria-valuetext")


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGKILL])
def test_the_app_is_killed_beside_a_run_and_started_again(
    blow: signal.Signals, tmp_path: Path, new_lens: NewLens, complaints: list[str]
) -> None:
    """The run outlives the app, and the next app shows it, pauses it and stops it."""
    port, settings = server.free_port(), runs.settings(tmp_path)
    url = f"http://localhost:{port}"
    first = new_lens(url)
    with server.app_at(port, tmp_path / "first.log", settings) as process:
        first.page.goto(f"{url}/train")
        first.page.get_by_role("button", name="Train", exact=True).wait_for()
        set_number(first, "Epochs", 1000)
        press(first, "Train")
        wait_for_state(first, "Running")
        run = run_of(first)
        first.eventually(lambda: len(records(tmp_path, run)) >= 1, 60)
        os.killpg(process.pid, blow)
        process.wait(20)
    before = len(records(tmp_path, run))
    # Nobody watches, and it goes on.
    first.eventually(lambda: len(records(tmp_path, run)) > before, 60)
    with server.app_at(port, tmp_path / "second.log", settings):
        # The page that was open all the time finds the app again, and a new one finds the run.
        wait_for_state(first, "Running")
        second = new_lens(url)
        second.page.goto(f"{url}/train")
        wait_for_state(second, "Running")
        assert run_of(second) == run
        # While its map is still loading, after which it must go on watching the run.
        press(second, "Pause")
        # It may wait long between two tries to find the app, and measuring is work.
        wait_for_state(first, "Paused", 90)
        press(first, "Stop")
        wait_for_state(second, "Stopped", 120)
        second.eventually(lambda: not runs_in_processes(run), 20)
        # Before the server goes, so that they don't complain of that too.
        first.page.close()
        second.page.close()
    assert bundle.read(tmp_path / "runs" / run / "bundle").metrics.number("sse") > 0
    # A page whose server is away complains of that, and of nothing else.
    ours = [one for one in complaints if "/static/js/" not in one]
    away = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "when disconnected from server")
    assert all(any(words in one for words in away) for one in ours), ours
    complaints.clear()


def runs_in_processes(run: str) -> list[str]:
    """The command lines of this machine's processes that name the run."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if f"--run {run}" in line]


def test_a_run_that_begins_comes_into_view_on_a_phone(url: str, new_lens: NewLens) -> None:
    phone = new_lens(url, viewport={"width": 390, "height": 844})
    phone.page.goto(f"{url}/train")
    phone.page.get_by_role("button", name="Train", exact=True).wait_for()
    set_number(phone, "Epochs", 1)
    press(phone, "Train")
    wait_for_state(phone, "Running")
    phone.ready()
    expect(phone.map()).to_be_in_viewport()
    wait_for_state(phone, "Finished", 120)


def test_a_wrong_setting_is_named_as_its_control_is(train: Lens) -> None:
    field = train.page.get_by_role("textbox", name="β")
    field.fill("-1")
    field.press("Enter")
    sentence = "β -1: must be a number from 0 to 1000; for example β 1"
    expect(train.page.get_by_text(sentence, exact=True)).to_be_visible()
    expect(train.page.get_by_role("button", name="Train", exact=True)).to_be_disabled()


def test_a_run_of_the_shell_is_on_the_page(
    train: Lens, home: Path, url: str, finished: str
) -> None:
    train.page.goto(f"{url}/train?run={finished}")
    wait_for_state(train, "Finished")
    assert [record["epoch"] for record in records(home, finished)] == [1, 2, 3]
    train.ready()
    slider = train.page.get_by_role("slider", name="epoch")
    # An epoch has four steps: before training, steps 1 and 2, three epochs.
    assert slider.get_attribute("max") == "5"
    slider.focus()
    slider.press("Home")
    expect(train.page.get_by_text("epoch 0", exact=True)).to_be_visible()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(train.page.get_by_text("step 2", exact=True)).to_be_visible()


def test_download_and_load_again(train: Lens, home: Path, url: str, finished: str) -> None:
    train.page.goto(f"{url}/train?run={finished}")
    wait_for_state(train, "Finished")
    with train.page.expect_download() as download:
        press(train, "Download")
    content = Path(download.value.path()).read_bytes()
    names = {Path(name).name for name in zipfile.ZipFile(io.BytesIO(content)).namelist()}
    assert names == {bundle.MANIFEST, *bundle.FILES}
    known = bundle.read(home / "runs" / finished / "bundle").metrics
    train.page.get_by_text("Load a bundle").click()
    field = train.page.locator("input[type=file]").first
    field.set_input_files({"name": "model.zip", "mimeType": "application/zip", "buffer": content})
    wait_for_state(train, "Loaded")
    # For a moment there are two, as the table is drawn again once the model is measured.
    figure = train.page.get_by_role("cell", name=f"{known.sse:.2f}")
    expect(figure).to_have_count(1)
    expect(figure).to_be_visible()


def test_a_pickle_is_refused(train: Lens, home: Path, finished: str) -> None:
    before = sorted(path.name for path in (home / "runs").iterdir())
    train.page.get_by_text("Load a bundle").click()
    field = train.page.locator("input[type=file]").first
    field.set_input_files(
        {"name": "model.pt", "mimeType": "application/octet-stream", "buffer": b"\x80\x02}q\x00."}
    )
    expect(train.page.get_by_text("pickle").first).to_be_visible()
    assert sorted(path.name for path in (home / "runs").iterdir()) == before


def test_rename_and_a_name_that_is_there_twice(train: Lens, url: str, finished: str) -> None:
    """The picker tells runs of one name apart, and shows a new name at once."""
    train.page.goto(f"{url}/train?run=twin-b")
    picker = train.page.get_by_role("combobox", name="Run", exact=True)
    expect(picker).to_have_value("Twin (2)")
    picker.click()
    train.page.get_by_role("option", name="Twin", exact=True).click()
    train.eventually(lambda: run_of(train) == "twin-a")
    train.page.get_by_text("Rename", exact=True).click()
    field = train.page.get_by_role("textbox", name="New name")
    field.fill("Elder twin")
    # Which saves it, as the button does.
    field.press("Enter")
    expect(picker).to_have_value("Elder twin")
    expect(train.page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    assert run_of(train) == "twin-a"
    # The other has its name to itself now.
    picker.click()
    train.page.get_by_role("option", name="Twin", exact=True).click()
    train.eventually(lambda: run_of(train) == "twin-b")


def test_delete_asks_first(train: Lens, home: Path, url: str, finished: str) -> None:
    train.page.goto(f"{url}/train?run=to-delete")
    wait_for_state(train, "Finished")
    # Else it may ask for the run's map when that is gone, which the console complains of.
    train.ready()
    train.page.get_by_text("Delete", exact=True).click()
    assert (home / "runs" / "to-delete").is_dir()
    press(train, "Delete for good")
    train.eventually(lambda: not (home / "runs" / "to-delete").exists())


def test_only_named_files_are_served(train: Lens, home: Path, url: str, finished: str) -> None:
    good = f"{url}/runs/{finished}/decoder.onnx"
    assert train.page.request.get(good).status == 200
    for path in ("run.json", "../run.json", "bundle/decoder.onnx", "%2e%2e/run.json", "log.txt"):
        address = f"{url}/runs/{finished}/{path}"
        answer = train.page.request.get(address)
        assert b"aemodels" not in answer.body(), address
        assert answer.status == 404 or "text/html" in answer.headers["content-type"], address
    (home / "runs" / finished / "bundle" / "weights.safetensors").rename(home / "kept")
    (home / "runs" / finished / "bundle" / "weights.safetensors").symlink_to(home / "kept")
    linked = f"{url}/runs/{finished}/weights.safetensors"
    assert train.page.request.get(linked).status == 404
