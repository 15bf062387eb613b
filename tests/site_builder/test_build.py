"""What is written: addresses that lead somewhere, from any path, and sizes within the limit."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aemodels import views
from aemodels.bundles import BundleError, zoo
from aemodels.bundles.atomic import OutputError
from pages.families import SECTIONS
from reproduction.result import ROW_IDS, Result
from site_builder import build, command, content, family_pages, learning, pages, selection
from site_builder.build import Sizes
from ui import page_words, result_filters, results_cache
from ui.parameters import SHOW

LARGEST = 20_000_000  # bytes of a site with three models


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sizes]:
    folder = tmp_path_factory.mktemp("site") / "lab"
    return folder, build.site(folder, selection.choose(["pca-2", "ae-2", "vae-2"]))


class Links(HTMLParser):
    """The addresses in a page, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.found.append(value)
            if name == "id" and value:
                self.ids.add(value)


def test_three_models_are_small_enough(written: tuple[Path, Sizes]) -> None:
    folder, sizes = written
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert sizes.total == total <= LARGEST


def test_every_address_is_relative_and_leads_somewhere(written: tuple[Path, Sizes]) -> None:
    folder, _ = written
    names = {path.stem: path for path in folder.glob("*.html")}
    assert {*names} == {"index", *pages.TITLES} - {"explore"}
    for path in names.values():
        links = Links(path.read_text("utf-8"))
        for address in links.found:
            if re.match(r"https://(arxiv|doi|www)\.", address) or address.startswith("https://"):
                # Papers, within the words of families.
                assert path.stem in ("families", "results"), address
                continue
            if address.startswith("data:image/png;base64,"):
                continue
            assert not address.startswith(("/", "http:", "//")), address
            name, _, fragment = address.partition("#")
            name = name.partition("?")[0]
            if not name:
                assert fragment in links.ids, address
            # The words name pages as the app does, and the shell knows where these are.
            assert not name or (folder / name).is_file() or name in pages.TITLES, address


def test_the_worker_keeps_every_file(written: tuple[Path, Sizes]) -> None:
    folder, _ = written
    found = re.search(r"^const FILES = (.*);$", (folder / "worker.js").read_text("utf-8"), re.M)
    assert found
    kept = {file.partition("?")[0] for file in json.loads(found[1])}
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"worker.js", ".nojekyll"}
    assert kept == files


def test_the_same_models_make_the_same_site(written: tuple[Path, Sizes], tmp_path: Path) -> None:
    folder, _ = written
    build.site(tmp_path / "again", selection.choose(["pca-2", "ae-2", "vae-2"]))
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_words_are_those_of_the_app(written: tuple[Path, Sizes]) -> None:
    folder, _ = written
    text = (folder / "families.html").read_text("utf-8")
    for name, section in SECTIONS.items():
        assert f'data-section="{name}"' in text
        assert f"<h2>{section.title}</h2>" in text
    assert "An <strong>" in (folder / "index.html").read_text("utf-8")
    assert "Hover or tap any map." in (folder / "compare.html").read_text("utf-8")


def test_a_familys_view_is_there_with_all_its_models_or_not_at_all() -> None:
    strip = SECTIONS["linear"].strip
    assert "linear" in family_pages.data(selection.choose([*strip]))
    assert "linear" not in family_pages.data(selection.choose(["pca-2", "pca-16"]))
    made, _ = build._contents(selection.choose(["pca-2", "pca-16"]))
    assert "Its view needs linear-2, linear-16, which this site leaves out" in made["families"]


def test_a_family_leads_to_its_lesson_and_its_model_where_they_are_here() -> None:
    made, _ = build._contents(selection.choose([*SECTIONS["linear"].strip]))
    parts = made["families"].split("<article ")
    (linear,) = [each for each in parts if each.startswith('data-section="linear"')]
    assert '<a href="learn?lesson=linear">Lesson: Two roads to PCA</a>' in linear
    assert '<a href="explore?model=linear-16">Open in Explore</a>' in linear
    assert sum("Open in Explore" in each for each in parts) == 1


def test_lessons_are_those_whose_models_are_here() -> None:
    chosen = selection.choose(["pca-2", "ae-2", "vae-2"])
    found = learning.find(chosen)
    everything = learning.find(selection.choose([*selection.choose().zoo]))
    assert found.shown
    shown = learning.data(chosen, found.shown, pages.TITLES)["lessons"]
    assert {*shown} == {lesson.key for lesson in found.shown}
    urls = set(re.findall(r'"/zoo/([^"]+)"', json.dumps(shown)))
    assert urls
    assert urls <= {"pca-2", "ae-2", "vae-2"}
    # With all models, only another data set can be missing.
    assert {name for one in everything.lacking for name in one.missing} == {"fashion-mnist"}


def test_all_lessons_have_every_file_that_they_read() -> None:
    chosen = learning.with_lessons(selection.choose(["pca-2"]))
    found = learning.find(chosen)
    assert not found.lacking
    assert chosen.datasets == ("mnist", "fashion-mnist")
    stored = {file.address for file in content.files(chosen, found.shown, [*pages.TITLES])}
    shown = learning.data(chosen, found.shown, pages.TITLES)["lessons"]
    read = {*addresses(shown)}
    assert any(address.startswith("/zoo/vae-50/") for address in read)
    assert read <= stored


def addresses(data: object) -> Iterator[str]:
    """Of the files that a view reads, in whatever depth of its data they are."""
    if isinstance(data, list):
        for each in data:
            yield from addresses(each)
    elif isinstance(data, dict):
        if "url" in data:
            # Training images aren't for browsers.
            names = [name for name in data["digests"] if not name.startswith("train-")]
            yield from (f"{data['url']}/{name}" for name in names)
        for each in data.values():
            yield from addresses(each)


def test_one_lesson_brings_what_it_lacks() -> None:
    few = selection.choose(["pca-2"])
    (lacking,) = [one for one in learning.find(few).lacking if one.lesson.key == "collapse"]
    more = learning.with_lessons(few, ["collapse"])
    assert {*more.models} == {"pca-2", *lacking.missing}
    assert "collapse" in {lesson.key for lesson in learning.find(more).shown}
    disk = sum(
        path.stat().st_size
        for name in lacking.missing
        for path in (zoo.folder() / name).iterdir()
        if path.name != "bundle.json"
    )
    assert learning.size(few, lacking.missing) == disk
    with pytest.raises(BundleError, match="nothing: there is no such lesson; choose among"):
        learning.with_lessons(few, ["nothing"])


def test_learn_names_the_lessons_that_are_left_out_and_the_option_for_each(
    written: tuple[Path, Sizes],
) -> None:
    folder, _ = written
    text = (folder / "learn.html").read_text("utf-8")
    lacking = learning.find(selection.choose(["pca-2", "ae-2", "vae-2"])).lacking
    assert f"<summary>{len(lacking)} more lessons</summary>" in text
    for one in lacking:
        assert f"<code>--lessons {one.lesson.key}</code>" in text
        assert f">{', '.join(one.missing)}</td>" in text
    # They are all that a page without lessons has.
    made, _ = build._contents(selection.choose(["pca-2"]))
    assert '<details class="lacking" open>' in made["learn"]
    assert '<details class="lacking">' in text


def test_results_say_which_filters_show_them(written: tuple[Path, Sizes]) -> None:
    folder, _ = written
    text = (folder / "results.html").read_text("utf-8")
    rows = re.findall(r'<article class="result" data-show="(.*?)" data-family="(.*?)"', text)
    found = [results_cache.look(name) for name in ROW_IDS]
    results = [each for each in found if isinstance(each, Result)]
    assert len(rows) == len(results) > 10
    for (shows, families), each in zip(rows, results, strict=True):
        for show in SHOW.choices:
            for family in result_filters.families(results):
                here = show in shows.split() and family in families.split()
                assert here == result_filters.fits(each, show, family)
    for words in (*SHOW.choices.values(), *result_filters.families(results).values()):
        assert f">{words}<" in text


def test_families_have_the_apps_charts_and_pictures_whatever_the_models(
    written: tuple[Path, Sizes],
) -> None:
    folder, sizes = written
    text = (folder / "families.html").read_text("utf-8")
    for section in SECTIONS.values():
        for fold in section.folds:
            assert f"<summary>{fold.title}</summary>" in text
    # Those of networks that this site doesn't have.
    assert 'alt="What each of the 100 latents adds to the image: KL to a target · 100"' in text
    assert "autoencoder 784‑128‑d: from" in text
    assert sizes.groups["pages"] < 1_500_000


def test_a_single_model_has_no_pages_of_several() -> None:
    names = pages.names(selection.choose(["vae-2"]))
    assert "explore" in names
    assert not {"compare", "interpolate"} & {*names}


def test_titles_say_the_size_beside_others() -> None:
    data = selection.choose(["vae-2", "vae-16"]).data()
    assert data["first"] == "vae-2"
    assert [data["models"][name]["sized"] for name in ("vae-2", "vae-16")] == [
        "VAE · 2 latents",
        "VAE · 16 latents",
    ]
    assert data["models"]["vae-2"]["model"]["title"] == "VAE"


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(BundleError, match="vae-3: there is no such model; the zoo has ae-16,"):
        selection.choose(["vae-3"])


def test_a_site_of_other_models_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    build.site(tmp_path / "lab", selection.choose(["pca-2", "pca-16"]))
    sizes = build.site(tmp_path / "lab", selection.choose(["pca-2"]))
    files = [path for path in (tmp_path / "lab").rglob("*") if path.is_file()]
    assert not any("pca-16" in str(path) for path in files)
    assert not (tmp_path / "lab" / "compare.html").exists()
    assert sizes.total == sum(path.stat().st_size for path in files)


def test_a_project_with_a_worker_of_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "worker.js").write_text("self.onmessage = null;")
    with pytest.raises(OutputError, match="holds no site"):
        build.site(tmp_path, selection.choose(["pca-2"]))


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all of it")
    with pytest.raises(OutputError, match="holds no site"):
        build.site(tmp_path, selection.choose(["pca-2"]))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(OutputError, match="is a folder"):
        build.one_file(tmp_path, selection.choose(["pca-2"]))


def test_the_command_prints_the_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.main([str(tmp_path / "lab.html"), "--models", "pca-2", "--one-file"])
    words = capsys.readouterr().out
    total = re.search(r"^total +([\d.]+) MB$", words, re.M)
    assert total
    assert float(total[1]) == round((tmp_path / "lab.html").stat().st_size / 1e6, 2)
    found = learning.find(selection.choose(["pca-2"]))
    count = len(found.shown) + len(found.lacking)
    assert f"{len(found.shown)} of {count} lessons are there; --lessons adds the others" in words
    with pytest.raises(SystemExit, match="there is no such model"):
        command.main([str(tmp_path / "x"), "--models", "none"])


def test_a_family_without_words_of_its_own_says_what_it_is() -> None:
    source = views.source("mnist")
    words = page_words.of_family("denoising", source)
    assert "Every point on the map is the code of one real test digit, coloured" in words
