"""What engines are asked for: pages at once or within a day, and what they would send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings

if TYPE_CHECKING:
    from pickabook_desktop.domain.outgoing import Outgoing
    from pickabook_desktop.jobs.generate import HouseRules
    from pickabook_desktop.jobs.permission import Permission
    from pickabook_desktop.storage.children import Children
    from pickabook_desktop.storage.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class Easel:
    """The jobs of drawing. ``get_engine`` raises as :meth:`Engines.get
    <pickabook_desktop.jobs.studio.Engines.get>`; the rules of the house hold whoever draws, and
    are those of the settings at the moment in which a job is made.
    """

    get_engine: Callable[[str], Engine]
    library: Library
    settings: Settings
    permission: "Permission"
    children: "Children"
    ledger: "Ledger"

    def check_job(self, engine_id: str) -> Job:
        """Ask an engine whether it can draw; ends with ``Done`` and a sentence."""
        return answering(lambda token: self.get_engine(engine_id).check(token))

    def outgoing_job(self, request: GenerationRequest) -> Job:
        """Find out what ``request`` would send, and send nothing; ends with
        ``Done(value=Outgoing)``.
        """
        from pickabook_desktop.jobs.generate import with_photo_hash

        def work(token: CancelToken) -> "Outgoing":
            engine = self.get_engine(request.engine_id)
            return engine.outgoing(with_photo_hash(request), token)

        return answering(work)

    def preview_job(self, request: GenerationRequest) -> Job:
        """Draw one small picture and keep nothing; ends with ``Done(value=DrawnPicture)``."""
        from pickabook_desktop.jobs import preview

        return preview.preview_job(request, self.get_engine)

    def generate_job(self, request: GenerationRequest) -> Job:
        """Draw and keep all pictures of ``request``; ends with ``Succeeded``."""
        from pickabook_desktop.jobs import generate

        return generate.generate_job(request, self.get_engine, self.library, self._rules)

    def submit_batch_job(self, request: GenerationRequest) -> Job:
        """Hand ``request`` over to be drawn within a day; ends with ``Done`` and the batch."""
        from pickabook_desktop.jobs import batches

        return batches.submit_batch_job(
            request, self.get_engine, self.library.batches, self._rules, self.ledger
        )

    def poll_batches_job(self) -> Job:
        """Ask for all batches and file what has come; ends with ``Done(value=BatchNews)``."""
        from pickabook_desktop.jobs import batches

        return batches.poll_batches_job(
            self.get_engine, self.library.batches, self.library, self._rules, self.ledger
        )

    def cancel_batch_job(self, batch_id: str) -> Job:
        """Stop a batch, and file what it had drawn by then; ends with ``Done(value=BatchNews)``."""
        from pickabook_desktop.jobs import batches

        return batches.cancel_batch_job(
            batch_id,
            self.get_engine,
            self.library.batches,
            self.library,
            self._rules,
            self.ledger,
        )

    @property
    def _rules(self) -> "HouseRules":
        from pickabook_desktop.jobs.generate import HouseRules
        from pickabook_desktop.jobs.telling import tells_names

        return HouseRules(
            allow=self.permission.check,
            on_kept=self._on_kept,
            names=tells_names(self.settings),
            watch=self.children.watch,
            afford=self.ledger.check,
        )

    def _on_kept(self, picture: KeptPicture) -> None:
        """Queue a new picture's upload where that is wished for."""
        store_id = self.settings.text("upload.auto")
        if store_id:
            from pickabook_desktop.jobs.upload import enqueue

            enqueue((picture,), store_id, self.library)
