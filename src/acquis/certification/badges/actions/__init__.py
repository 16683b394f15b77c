from acquis.certification.badges.actions.issue_badge import issue_badge, issue_missing
from acquis.certification.badges.actions.keys import keys_in_force, renew_keys
from acquis.certification.badges.actions.revoke_badge import revoke_badge

__all__ = ["issue_badge", "issue_missing", "keys_in_force", "renew_keys", "revoke_badge"]
