"""What both pages of an exchange do."""

import asyncio
import random
from typing import Any

READ = 1.0  # seconds between two tellings of what was read
RETRY = (1.0, 2.0, 4.0, 8.0)
SENTENCES = (
    "Le colis est arrivé hier, il manque la rallonge commandée. ",
    "Votre numéro de commande commence par CMD, vous le lisez sur le bon de livraison. ",
    "Je regarde le suivi du transporteur et je reviens vers vous. ",
    "D’accord, merci : je préfère un échange à un remboursement. ",
)


def worded(key: str) -> str:
    return f"{random.choice(SENTENCES)}[{key}]"


TASKS: set["asyncio.Task[Any]"] = set()


def keep(act: Any) -> "asyncio.Task[Any]":
    """A task of its own, held until it is done."""
    task: asyncio.Task[Any] = asyncio.ensure_future(act)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)
    return task
