"""python -m hall libraries show | collect NAME: the base libraries from the command line."""

from __future__ import annotations

import argparse
import asyncio
from datetime import timedelta

from hall.bootstrap import build
from hall.config import ConfigWrong, HallConfig
from hall.libraries.collection import Collection
from hall.libraries.measure import LibraryMeasure, Measure, measured
from hall.libraries.setting import Source
from hall.store.libraries import ShelfState

LOOK_S = 0.5
PATIENCE_S = 600.0


def add_library_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], usual: argparse.ArgumentParser) -> None:
    libraries = commands.add_parser("libraries", help="look at the base libraries, or collect one now").add_subparsers(
        required=True
    )
    show = libraries.add_parser("show", parents=[usual], help="freshness and completeness of each library")
    show.set_defaults(run=_show)
    collect = libraries.add_parser("collect", parents=[usual], help="collect all sources of a library now")
    collect.add_argument("name")
    collect.set_defaults(run=_collect)


async def _show(config: HallConfig, asked: argparse.Namespace) -> int:
    services = build(config)
    try:
        found = await measured(services.collection.settings, services.store, services.clock())
        for one in found:
            print("\n".join(_lines(one)))
        if not found:
            print("this hall collects no library")
        return 0
    finally:
        await services.close()


async def _collect(config: HallConfig, asked: argparse.Namespace) -> int:
    """By this process; or, when the hall runs, by the hall, which is asked to."""
    services = build(config)
    collection = services.collection
    try:
        library = collection.settings.library(asked.name)
        if library is None:
            known = ", ".join(one.code for one in collection.settings.libraries) or "none"
            raise ConfigWrong((f"there is no library {asked.name}, only {known}",))
        with collection.collector.alone() as alone:
            collected = _here if alone else _by_the_hall
            states = await asyncio.gather(*(collected(collection, source) for source in library.sources))
        for state in states:
            print(_said(state))
        return 1 if any(state.failures for state in states) else 0
    finally:
        await services.close()


async def _here(collection: Collection, source: Source) -> ShelfState:
    state = await collection.collector.collect(source)
    await collection.collector.settle(source)
    return state


async def _by_the_hall(collection: Collection, source: Source) -> ShelfState:
    """Until a try that began after the wish has ended."""
    await collection.store.want(source.shelf)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            state = await collection.store.shelf(source.shelf)
            if not state.wanted and (state.began_at is None or state.failures):
                return state
            await asyncio.sleep(LOOK_S)


def _said(state: ShelfState) -> str:
    if state.failures:
        return f"WRONG {state.shelf.department}: {state.problem}, {state.failures} in a row"
    return f"ok    {state.shelf.department}: {state.entries} entries, {state.changed} changed, {state.gone} gone"


def _lines(one: LibraryMeasure) -> list[str]:
    lines = [f"{one.library.code} {one.library.title}"]
    lines += [line for shelf in one.shelves for line in _shelf_lines(shelf)]
    lines += [f"  {item}: {count} told differently by two departments" for item, count in one.contradictions]
    return lines


def _shelf_lines(shelf: Measure) -> list[str]:
    state = shelf.state
    age = "never collected" if shelf.lag is None else f"{_span(shelf.lag)} old"
    problem = f", {state.problem} {state.failures} in a row" if state.failures else ""
    lines = [f"  {state.shelf.department}: {shelf.standing}, {state.entries} entries, {age}{problem}"]
    for item, share in shelf.shares:
        doubtful = f", {share.doubtful} in doubt" if share.doubtful else ""
        lines.append(f"    {item}: {_percent(share.has, state.entries)}{doubtful}")
    return lines


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
