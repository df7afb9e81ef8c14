"""One run of the command line, from its words to its exit code."""

import dataclasses
import logging

from pickabook_desktop.cli.commands import Command, Context
from pickabook_desktop.cli.output import Output
from pickabook_desktop.cli.words import parser
from pickabook_desktop.domain.errors import CancelledError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import unexpected_error
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.logs import leave_no_core, logging_to
from pickabook_desktop.storage.places import Places

_log = logging.getLogger(__name__)


def run(words: list[str], token: CancelToken) -> int:
    """Run the command in ``words``; whatever happens is told, and gives an exit code."""
    leave_no_core()
    output = Output(as_json="--json" in words)
    with output.kept_apart():
        try:
            places = Places.of_system()
            with logging_to(places.log_file, secrets=output.hidden.values):
                return _logged(words, Context(places, output, token))
        except KeyboardInterrupt:
            return output.fail(CancelledError(tr("Stopped.")))
        except Exception:  # noqa: BLE001 what fails before there is a log is told all the same
            return output.fail(unexpected_error())


def _logged(words: list[str], context: Context) -> int:
    output = context.output
    try:
        with output.help_on_results():
            arguments = parser().parse_args(words)
    except PickaBookError as error:
        return output.fail(error)
    command: Command = arguments.command
    context = dataclasses.replace(context, needs=getattr(arguments, "needs", ""))
    try:
        context.token.raise_if_cancelled()
        return command(arguments, context)
    except PickaBookError as error:
        return output.fail(error)
    except (Exception, SystemExit):  # noqa: BLE001 whatever happens is told
        _log.exception("A command ended unexpectedly")
        return output.fail(unexpected_error())
    finally:
        context.close()
