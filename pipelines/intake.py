"""Files read while others are still being fetched: each observed once, whatever their order."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from monitor.declarations import Publication
from monitor.settings import TAKEN_IN_TOGETHER
from monitor.store.vault import Artefact, Key, NotHeld, Vault, key_of
from pipelines.acquire import ORIGINAL, TRANSCRIPTION
from pipelines.observe import Observed, compare, observe
from pipelines.reading import UnreadableFile, read
from pipelines.starter.surveyed import survey_of
from pipelines.tidy import Problem


class Intake:
    """Reads artefacts ahead, as many at a time as there are processors, and no more than are taken in together."""

    def __init__(self, vault: Vault, declared: Mapping[str, Publication], say: Callable[[str], None]) -> None:
        self.vault, self.declared, self.say = vault, declared, say
        # because each file is read by a child process of its own, a thread only waits for it
        self._readers = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="reader")
        self._begun: dict[Key, Future[Observed]] = {}
        self._waiting: dict[Key, Artefact] = {}

    def __enter__(self) -> "Intake":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._readers.shutdown(wait=True, cancel_futures=True)

    def begin(self, artefact: Artefact) -> None:
        """Begin to read an artefact as soon as that is its turn, unless its publication is not declared."""
        if key_of(artefact) not in self._begun and artefact.publication in self.declared:
            self._waiting.setdefault(key_of(artefact), artefact)
            self._go_on()

    def observed(self, artefact: Artefact) -> Observed:
        """What an artefact yielded; waits for it."""
        self._waiting.pop(key_of(artefact), None)
        begun = self._begun.pop(key_of(artefact), None) or self._readers.submit(self._observe, artefact)
        self.say(f"Reading {artefact.publication} {artefact.edition_id}: {artefact.name}")
        observed = begun.result()
        self._go_on()
        return observed

    def _go_on(self) -> None:
        # because what is read and not yet taken in is held in memory
        while self._waiting and len(self._begun) < TAKEN_IN_TOGETHER:
            key = next(iter(self._waiting))
            self._begun[key] = self._readers.submit(self._observe, self._waiting.pop(key))

    def _observe(self, artefact: Artefact) -> Observed:
        of_original = survey_of(artefact.original_sha256) if artefact.kind == TRANSCRIPTION else None
        path = self.vault.whole(artefact.sha256)
        observed = observe(artefact, path, self.declared[artefact.publication], of_original)
        if artefact.kind == ORIGINAL:
            for other in self.vault.artefacts():
                if other.kind == TRANSCRIPTION and other.original_sha256 == artefact.sha256:
                    observed.problems += self._against(other, artefact)
        return observed

    def _against(self, transcription: Artefact, original: Artefact) -> list[Problem]:
        try:
            ours = read(self.vault.whole(transcription.sha256), transcription.name, transcription=True)
            theirs = read(self.vault.whole(original.sha256), original.name)
        except (UnreadableFile, NotHeld):
            return []
        problem = compare(ours, theirs, original.name)
        return [problem] if problem else []
