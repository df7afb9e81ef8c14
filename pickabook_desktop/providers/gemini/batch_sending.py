"""What is asked of the service to hand a batch over, to find it again and to leave nothing of it.

A batch and the file sent ahead of it are called the same, so that both are found by that.
"""

from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING

from pickabook_desktop.domain.ports import BatchTicket
from pickabook_desktop.providers.gemini import client
from pickabook_desktop.providers.gemini.batch_wire import (
    Operation,
    read_operation,
    request_body,
    requests_file,
)
from pickabook_desktop.providers.gemini.prepare import Prepared

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import BatchJobSource

# "Suitable for smaller batches that keep the total request size under 20MB"
# (ai.google.dev/gemini-api/docs/batch-api); what stands around the pictures is not counted here.
LARGEST_INLINE = 18_000_000
LINES_TYPE = "application/jsonl"
# Entries on one page of a list.
_PAGE = 50


class Sending:
    """One batch on its way. ``begun`` once the service may have it."""

    def __init__(self, prepared: Prepared, count: int, title: str) -> None:
        self._prepared = prepared
        self._count = count
        self._title = title
        self.begun = False

    @property
    def uploads(self) -> bool:
        """Whether the requests are too much to be sent along, and go ahead as a file."""
        outgoing = self._prepared.outgoing
        size = sum(len(image.data) for image in outgoing.images) * 4 // 3
        return (size + len(outgoing.prompt.encode())) * self._count > LARGEST_INLINE

    async def run(self, service: "AsyncClient") -> str:
        """Send it, once; returns the name that the service has given it."""
        source = await self._source(service)
        self.begun = True
        taken = await service.batches.create(
            model=self._prepared.model.id, src=source, config={"display_name": self._title}
        )
        if not taken.name:
            raise ValueError("a batch without a name")
        return taken.name

    async def _source(self, service: "AsyncClient") -> "BatchJobSource":
        """The requests themselves, or the name of the file that they were uploaded as."""
        from google.genai.types import BatchJobSource, InlinedRequest

        prepared = self._prepared
        if self.uploads:
            return BatchJobSource(file_name=await self._uploaded(service))
        content, config = client.content_of(prepared), client.config_of(prepared)
        return BatchJobSource(
            inlined_requests=[
                InlinedRequest(contents=content, config=config, metadata={"key": str(index)})
                for index in range(self._count)
            ]
        )

    async def _uploaded(self, service: "AsyncClient") -> str:
        import io

        prepared = self._prepared
        body = request_body(prepared.outgoing, prepared.aspect, prepared.size_name)
        lines = io.BytesIO(requests_file(body, self._count))
        file = await service.files.upload(
            file=lines, config={"mime_type": LINES_TYPE, "display_name": self._title}
        )
        if not file.name:
            raise ValueError("a file without a name")
        return file.name


async def described(service: "AsyncClient", name: str) -> Operation:
    """The batch as the service describes it. ``batches.get`` would drop why it failed."""
    answer = await service._api_client.async_request(  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] there is no other way to the whole answer
        "get", name, {}
    )
    return read_operation(answer.body or "")


async def found(service: "AsyncClient", title: str) -> str:
    """The name of the batch that is called so; empty where there is none."""
    async for batch in await service.batches.list(config={"page_size": _PAGE}):
        if batch.display_name == title and batch.name:
            return batch.name
    return ""


async def discard(
    service: "AsyncClient", ticket: BatchTicket, requests: str | None
) -> Operation | None:
    """Stop a batch and delete it, with the file of its ``requests``: its name, empty for none,
    None where that is not known. Returns what it came to, where that had to be asked.
    """
    name = ticket.name or await found(service, ticket.title)
    stopped: Operation | None = None
    if name and requests is None:
        stopped = await _stopped(service, name)
        requests = stopped.requests_file if stopped else ""
    if requests:
        await _gone(service.files.delete(name=requests), 403, 404)
    elif ticket.uploads and ticket.title:
        async for file in _uploads(service, ticket.title):
            await _gone(service.files.delete(name=file), 403, 404)
    if name:
        await _gone(service.batches.delete(name=name), 404)
    return stopped


async def _stopped(service: "AsyncClient", name: str) -> Operation | None:
    """Stop a batch that has not ended; returns what it came to, None where it is gone."""
    from google.genai.errors import ClientError

    try:
        operation = await described(service, name)
        if operation.state in ("waiting", "running"):
            await service.batches.cancel(name=name)
            operation = await described(service, name)
    except ClientError as error:
        if error.code != 404:
            raise
        return None
    return operation


async def _uploads(service: "AsyncClient", title: str) -> AsyncIterator[str]:
    """The names of the files that are called so."""
    async for file in await service.files.list(config={"page_size": _PAGE}):
        if file.display_name == title and file.name:
            yield file.name


async def _gone(deleting: Awaitable[object], *missing: int) -> None:
    """Delete what may be gone already: of a file that it does not have the service says 403."""
    from google.genai.errors import ClientError

    try:
        await deleting
    except ClientError as error:
        if error.code not in missing:
            raise
