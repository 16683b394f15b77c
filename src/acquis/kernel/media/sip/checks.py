"""Whether the trunk of the settings can work, said before anybody calls."""

import os
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _

from acquis.kernel.media.sip.trunk import CODECS, Fault, Trunk, faults, trunk_from

_WORDS = {
    Fault.PORT: _("ACQUIS_SIP_PORT et ACQUIS_SIP_BIND_PORT sont des ports, de 1 à 65535."),
    Fault.TRANSPORT: _("ACQUIS_SIP_TRANSPORT vaut udp, tcp ou tls."),
    Fault.PASSWORD: _(
        "ACQUIS_SIP_USER est donné sans ACQUIS_SIP_PASSWORD : l’opérateur refuserait "
        "l’enregistrement."
    ),
    Fault.USER: _("ACQUIS_SIP_PASSWORD est donné sans ACQUIS_SIP_USER."),
    Fault.NUMBERS: _(
        "ACQUIS_SIP_NUMBERS est vide : donnez les numéros que l’opérateur vous route."
    ),
    Fault.NUMBER: _("ACQUIS_SIP_NUMBERS s’écrit en format international : +33199000000."),
    Fault.CODECS: _("ACQUIS_SIP_CODECS ne connaît que : %(codecs)s."),
    Fault.RTP: _(
        "ACQUIS_SIP_RTP_PORT et ACQUIS_SIP_RTP_PORTS donnent le premier port du son et leur "
        "nombre : de 1024 à 65535, deux au moins."
    ),
    Fault.SRTP: _("ACQUIS_SIP_SRTP demande ACQUIS_SIP_TRANSPORT=tls, sans quoi la clef se lit."),
    Fault.TLS: _("ACQUIS_SIP_TLS_CERTIFICATE et ACQUIS_SIP_TLS_KEY se donnent ensemble."),
}
_UNREADABLE = _("%(variable)s nomme un fichier qui ne se lit pas : %(path)s.")
_ABSENT = _(
    "ACQUIS_SIP_HOST est donné, mais la bibliothèque SIP n’est pas installée : "
    "pip install 'acquis[sip]'."
)


def trunk() -> Trunk:
    return trunk_from(settings.SIP)


def problems() -> list[str]:
    """What an operator has to mend before the trunk can start; each in a sentence."""
    found = trunk()
    words = [str(_WORDS[fault]) % {"codecs": ", ".join(CODECS)} for fault in faults(found)]
    words += [
        str(_UNREADABLE) % {"variable": f"ACQUIS_SIP_{name.upper()}", "path": path}
        for name in ("tls_ca", "tls_certificate", "tls_key")
        if found.host and (path := getattr(found, name)) and not os.access(path, os.R_OK)
    ]
    if found.host and find_spec("pjsua2") is None:
        words.append(str(_ABSENT))
    return words


@register()
def check_trunk(**_kwargs: Any) -> list[CheckMessage]:
    return [Error(words, id="acquis.sip") for words in problems()]
