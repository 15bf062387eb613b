"""The command `archive`: finished models to an address that fsspec knows, and back."""

import argparse
import sys

from aemodels import runs
from aemodels.runs import archive as bundle_archive
from aemodels.runs import store
from aemodels.runs.status import RunState


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options and arguments of the command."""
    text = "ids of runs, as listed by `runs` (default: all that are finished)"
    command.add_argument("run_ids", nargs="*", metavar="RUN", help=text)
    text = "a folder, or an address of fsspec such as s3://bucket/path, which may need its package"
    command.add_argument("address", metavar="ADDRESS", help=text)
    text = "list what is at the address, and write nothing"
    command.add_argument("--list", action="store_true", dest="listing", help=text)
    text = "make a run of the model with that name at the address"
    command.add_argument("--restore", metavar="NAME", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Put models at the address, list those there, or fetch one."""
    if arguments.run_ids and (arguments.listing or arguments.restore):
        raise runs.RunError("--list and --restore take no RUN, only an ADDRESS")
    if arguments.listing:
        for name in store.names(arguments.address):
            print(name)
        return 0
    if arguments.restore:
        found = bundle_archive.unpack(
            store.get(arguments.restore, arguments.address), arguments.restore
        )
        print(f"{found.id}: loaded; to measure it here: python -m aemodels measure {found.id}")
        return 0
    if arguments.run_ids:
        chosen = [runs.read(run_id) for run_id in arguments.run_ids]
    else:
        chosen = [run for run in runs.list_runs() if run.state is RunState.FINISHED]
    failed = False
    for one in chosen:
        try:
            print(f"{one.id}: {store.put(one, arguments.address)}")
        except runs.RunError as error:
            # One that was named was meant; of all, the others are kept.
            if arguments.run_ids:
                raise
            failed = True
            print(f"python -m aemodels archive: {error}", file=sys.stderr)
    if not chosen:
        print("no run is finished; `runs` lists them", file=sys.stderr)
    return 1 if failed else 0
