"""French spelling and grammar: Grammalecte in its own process where the system has it, else a dictionary.

Remarks are observations for a reader; nothing is corrected and nothing is counted as a mark.
"""

from acquis.kernel.writing.check import Remark, check, engine

__all__ = ["Remark", "check", "engine"]
