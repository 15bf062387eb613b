"""The command `data`: the user's own pictures as a data set, which `train --dataset` takes."""

import argparse
import sys
from pathlib import Path

from aemodels import pictures
from aemodels.data import DataError, Source, own
from aemodels.pictures.add import SCIKIT_LEARN, TEST_SHARE
from aemodels.pictures.sizes import PLAIN, WAYS


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The actions of the command, each with its options."""
    actions = command.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a data set of pictures")
    text = (
        "IDX files (the training pictures, or their folder), .npz, .csv, a folder of PNG and JPEG "
        f"pictures with a subfolder a class or none, or {SCIKIT_LEARN}"
    )
    add.add_argument("path", metavar="PATH", help=text)
    text = "its name: small letters, digits and hyphens"
    add.add_argument("--name", required=True, help=text)
    text = "the pictures to test on, if they are in a file or folder of their own (default: none)"
    add.add_argument("--test", type=Path, metavar="PATH", help=text)
    text = f"how other sizes are brought to 28 x 28: {' or '.join(WAYS)} (default: {PLAIN}); "
    text += "plain scales the picture, mnist centres its ink as MNIST's digits are"
    add.add_argument("--resize", choices=WAYS, default=PLAIN, help=text)
    text = f"share of each class to test on, without a test split (default: {TEST_SHARE})"
    add.add_argument("--test-share", type=float, default=TEST_SHARE, metavar="SHARE", help=text)
    text = "seed of that draw (default: 0)"
    add.add_argument("--seed", type=_seed, default=0, help=text)
    text = "exchange dark and light, for dark ink on light paper (default: don't)"
    add.add_argument("--invert", action="store_true", help=text)
    text = "names of the classes in the order of their labels, separated by commas (default: those "
    text += "in the files, else the labels)"
    add.add_argument("--class-names", metavar="NAMES", help=text)
    text = "its name in print (default: its name)"
    add.add_argument("--title", default="", help=text)
    actions.add_parser("list", help="list your data sets")
    remove = actions.add_parser("remove", help="delete a data set for good")
    remove.add_argument("name", metavar="NAME", help="its name, as listed by `data list`")


def run(arguments: argparse.Namespace) -> int:
    """Do what the action says; returns 1 if a data set is damaged."""
    return {"add": _add, "list": _list, "remove": _remove}[arguments.action](arguments)


def _add(arguments: argparse.Namespace) -> int:
    names = arguments.class_names
    made = pictures.add(
        arguments.name,
        arguments.path,
        test=arguments.test,
        resize=arguments.resize,
        invert=arguments.invert,
        test_share=arguments.test_share,
        seed=arguments.seed,
        class_names=None if names is None else [name.strip() for name in names.split(",")],
        title=arguments.title,
    )
    print(_line(arguments.name, made))
    print(made.about)
    print(f"Train on it: python -m aemodels train --dataset {arguments.name}")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    damaged = 0
    for name in own.names():
        try:
            print(_line(name, own.find(name)))
        except DataError as error:
            print(error, file=sys.stderr)
            damaged = 1
    if not own.names():
        print("no data set of your own; add one with: python -m aemodels data add", file=sys.stderr)
    return damaged


def _remove(arguments: argparse.Namespace) -> int:
    own.remove(arguments.name)
    print(f"{arguments.name}: removed")
    return 0


def _line(name: str, source: Source) -> str:
    """kuzushiji: 60,000 training and 10,000 test pictures of 10 classes; SHA-256 0b367032e93c."""
    classes = len(source.class_names)
    kinds = f"{classes} class{'es' * (classes > 1)}" if classes else "no classes"
    return (
        f"{name}: {source.train_count:,} training and {source.test_count:,} test pictures, "
        f"{kinds}; SHA-256 {source.pictures_sha256[:12]}"
    )


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 2**32:
        raise ValueError
    return seed
