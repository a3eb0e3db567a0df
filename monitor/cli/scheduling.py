"""The verb that watches by itself: the same pass as `run`, at declared and announced times."""

from dataclasses import asdict
from typing import Annotated

import typer

from monitor.cli.desk import Failed, Usage, answer, app, given, say, version


@app.command()
def schedule(
    plan: Annotated[bool, typer.Option("--plan", help="Print what is planned next, and why; do nothing.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and leave: for cron and timers.")] = False,
) -> None:
    """Watch publishers until stopped: a pass at declared and announced times over what is due then."""
    from dashboards import terminal
    from monitor import clock, settings
    from monitor.schedule import AlreadyRunning, Service, read_cadences, serve
    from monitor.schedule import once as do_what_is_due
    from monitor.schedule.tasks import tasks_on, watchable

    if plan and once:
        raise Usage("expected --plan or --once, found both: the one does nothing, the other does what is due.")
    every = settings.HEARTBEAT_ONCE if once else settings.HEARTBEAT
    tasks, cadences = tasks_on(given.home, say, version(), wait=given.wait), read_cadences(settings.CADENCES)
    service = Service(given.home, watchable(), cadences, tasks, say, every=every)
    if plan:
        rows = [
            asdict(p)
            | {"at": clock.in_london(p.at).isoformat(timespec="minutes"), "publication": p.publication or None}
            for p in service.planned()
        ]
        answer(rows, lambda: terminal.planned(rows))
        return
    settings.contact()  # because a service that can ask nobody must not start as if it watched
    if not once:
        try:
            serve(service)
        except AlreadyRunning as error:
            raise Failed(str(error)) from None
        return
    try:
        failed = do_what_is_due(service)
    except AlreadyRunning as error:
        say(f"{error} What is due is that one's to do.")  # because a pass may take longer than cron waits
        return
    if failed:
        raise Failed("Not everything that is due could be done; the rest was:\n" + "\n".join(failed))
