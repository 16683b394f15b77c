"""What people may do, as verbs; roles are sets of them."""

from enum import StrEnum

from acquis.accounts.enums import Role


class Verb(StrEnum):
    ACCOUNT_MANAGE = "account.manage"  # users, roles and tokens of the organisation
    TRACE_READ = "trace.read"
    JOB_READ = "job.read"
    FRAMEWORK_READ = "framework.read"
    FRAMEWORK_IMPORT = "framework.import"
    FRAMEWORK_PUBLISH = "framework.publish"
    CANDIDATE_READ = "candidate.read"
    CANDIDATE_EDIT = "candidate.edit"
    JUROR_READ = "juror.read"
    JUROR_EDIT = "juror.edit"
    SESSION_READ = "session.read"
    SESSION_MANAGE = "session.manage"  # compose, summon, open, close
    SESSION_INVIGILATE = "session.invigilate"  # presence, start, give back time, incidents
    SUBJECT_WRITE = "subject.write"  # read and author secret subjects
    SUBJECT_VALIDATE = "subject.validate"
    SUBJECT_DRAW = "subject.draw"
    SITTING_TAKE = "sitting.take"  # sit one's own exam
    SITTING_PLAY = "sitting.play"  # play the customers as a juror
    GRID_MARK = "grid.mark"
    JURY_DELIBERATE = "jury.deliberate"
    PV_SIGN = "pv.sign"
    PV_COUNTERSIGN = "pv.countersign"
    AWARD_READ = "award.read"
    AWARD_ISSUE = "award.issue"
    SEAL_MANAGE = "seal.manage"  # the certificate with which the centre seals what it issues
    ARCHIVE_MANAGE = "archive.manage"  # export a session's whole file, follow what is kept
    ARCHIVE_DESTROY = "archive.destroy"  # destroy what has been kept long enough
    AWARD_REVOKE = "award.revoke"  # withdraw a certificate, hold the keys of badges
    AWARD_OWN_READ = "award.own_read"  # a candidate's own results
    INCIDENT_FOLLOW = "incident.follow"  # settle, debrief, corrective actions
    APPEAL_LODGE = "appeal.lodge"  # a candidate's own
    APPEAL_MANAGE = "appeal.manage"  # register, judge admissible, name who examines, answer
    APPEAL_EXAMINE = "appeal.examine"  # one's voice, where one is named
    CPF_DEPOSIT = "cpf.deposit"  # make, send and answer the deposits of the CPF file
    CPF_MANAGE = "cpf.manage"  # the contract, the registers and the schemas behind them
    COUNCIL_READ = "council.read"  # the yearly packs of the improvement council
    COUNCIL_PREPARE = "council.prepare"  # order them, know which juror a letter stands for
    ENTERPRISE_READ = "enterprise.read"
    ENTERPRISE_EDIT = "enterprise.edit"
    DESK_USE = "desk.use"  # customers, conversations, letters, knowledge
    DESK_SUPERVISE = "desk.supervise"
    API_USE = "api.use"


_DESK = frozenset({Verb.DESK_USE, Verb.API_USE, Verb.JOB_READ})
_READS = frozenset(
    {
        Verb.FRAMEWORK_READ,
        Verb.SESSION_READ,
        Verb.CANDIDATE_READ,
        Verb.JUROR_READ,
        Verb.JOB_READ,
        Verb.API_USE,
    }
)

ROLES: dict[Role, frozenset[Verb]] = {
    Role.CERTIFYING_BODY: _READS
    | {
        Verb.ACCOUNT_MANAGE,
        Verb.TRACE_READ,
        Verb.FRAMEWORK_IMPORT,
        Verb.FRAMEWORK_PUBLISH,
        Verb.JUROR_EDIT,
        Verb.SUBJECT_VALIDATE,
        Verb.SUBJECT_WRITE,
        Verb.AWARD_READ,
        Verb.AWARD_ISSUE,
        Verb.SEAL_MANAGE,
        Verb.ARCHIVE_MANAGE,
        Verb.ARCHIVE_DESTROY,
        Verb.INCIDENT_FOLLOW,
        Verb.APPEAL_MANAGE,
        Verb.APPEAL_EXAMINE,
        Verb.CPF_DEPOSIT,
        Verb.CPF_MANAGE,
        Verb.COUNCIL_READ,
        Verb.COUNCIL_PREPARE,
        Verb.AWARD_REVOKE,
        Verb.ENTERPRISE_READ,
    },
    Role.SESSION_MANAGER: _READS
    | {
        Verb.TRACE_READ,
        Verb.CANDIDATE_EDIT,
        Verb.JUROR_EDIT,
        Verb.SESSION_MANAGE,
        Verb.SESSION_INVIGILATE,
        Verb.SUBJECT_DRAW,
        Verb.PV_COUNTERSIGN,
        Verb.AWARD_READ,
        Verb.AWARD_ISSUE,
        Verb.ARCHIVE_MANAGE,
        Verb.INCIDENT_FOLLOW,
        Verb.APPEAL_MANAGE,
        Verb.APPEAL_EXAMINE,
        Verb.CPF_DEPOSIT,
        Verb.COUNCIL_READ,
    },
    Role.INVIGILATOR: frozenset(
        {Verb.SESSION_READ, Verb.SESSION_INVIGILATE, Verb.JOB_READ, Verb.FRAMEWORK_READ}
    ),
    Role.JUROR: frozenset(
        {
            Verb.SESSION_READ,
            Verb.FRAMEWORK_READ,
            Verb.SITTING_PLAY,
            Verb.GRID_MARK,
            Verb.JURY_DELIBERATE,
            Verb.PV_SIGN,
            Verb.AWARD_READ,
            Verb.JOB_READ,
        }
    ),
    Role.CANDIDATE: frozenset(
        {Verb.SITTING_TAKE, Verb.AWARD_OWN_READ, Verb.APPEAL_LODGE, Verb.FRAMEWORK_READ}
    ),
    Role.TRAINER: frozenset(
        {
            Verb.FRAMEWORK_READ,
            Verb.FRAMEWORK_IMPORT,
            Verb.SUBJECT_WRITE,
            Verb.ENTERPRISE_READ,
            Verb.ENTERPRISE_EDIT,
            Verb.APPEAL_EXAMINE,
            Verb.COUNCIL_READ,
            Verb.JOB_READ,
            Verb.API_USE,
        }
    )
    | _DESK,
    Role.SUPERVISOR: _DESK | {Verb.DESK_SUPERVISE, Verb.TRACE_READ},
    Role.ADVISER: _DESK,
}
