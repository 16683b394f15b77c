"""The invented people of the demonstration."""

from dataclasses import dataclass

from acquis.accounts.enums import Role

PASSWORD = "Acquis-demo-2026"  # noqa: S105  printed at start, for invented people only


@dataclass(frozen=True)
class DemoPerson:
    email: str
    first_name: str
    last_name: str
    role: Role


PEOPLE = (
    DemoPerson("certificateur@centre.example", "Hélène", "Maurin-Castel", Role.CERTIFYING_BODY),
    DemoPerson("responsable@centre.example", "Bastien", "Lorgeril", Role.SESSION_MANAGER),
    DemoPerson("surveillant@centre.example", "Mireille", "Aubanel", Role.INVIGILATOR),
    DemoPerson("jure1@centre.example", "Fatou", "Diarrassouba", Role.JUROR),
    DemoPerson("jure2@centre.example", "Étienne", "Kervadec", Role.JUROR),
    DemoPerson("candidate1@centre.example", "Inès", "Belhadj-Moreau", Role.CANDIDATE),
    DemoPerson("candidat2@centre.example", "Théo", "Vasseur", Role.CANDIDATE),
    DemoPerson("diplomee@centre.example", "Capucine", "Delestre", Role.CANDIDATE),
    DemoPerson("candidat3@centre.example", "Naïm", "Lescoat", Role.CANDIDATE),
    DemoPerson("formatrice@centre.example", "Solange", "Pruvost", Role.TRAINER),
    DemoPerson("superviseur@centre.example", "Karim", "Ouanes", Role.SUPERVISOR),
    DemoPerson("conseillere@centre.example", "Léonie", "Tessier", Role.ADVISER),
    DemoPerson("collegue1@centre.example", "Noémie", "Garandeau", Role.ADVISER),
    DemoPerson("collegue2@centre.example", "Yoann", "Kerlidou", Role.ADVISER),
)
