from acquis.certification.deposits.actions.deposit_early import deposit_early
from acquis.certification.deposits.actions.set_hour import set_hour
from acquis.certification.deposits.actions.take_over import take_over

__all__ = ["deposit_early", "set_hour", "take_over"]
