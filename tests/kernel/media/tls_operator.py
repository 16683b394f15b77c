"""An operator who speaks SIP over TLS and sound over SRTP alone: answers, and gives back what it hears.

`python -m tests.kernel.media.tls_operator PORT CERTIFICATE KEY`, until its standard input ends.
"""

import os
import select
import sys
from typing import Any

import pjsua2 as pj

LOOPBACK = "127.0.0.1"


class Answered(pj.Call):  # type: ignore[misc]  # it has no types
    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802, ARG002
        sound = self.getAudioMedia(-1)
        sound.startTransmit(sound)


class Operator(pj.Account):  # type: ignore[misc]  # it has no types
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Answered] = []

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        call = Answered(self, prm.callId)
        self.calls.append(call)
        answer = pj.CallOpParam()
        answer.statusCode = 200
        call.answer(answer)


def serve(port: int, certificate: str, key: str) -> None:
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    endpoint.libInit(config)
    place = pj.TransportConfig()
    place.port, place.boundAddress = port, LOOPBACK
    place.tlsConfig.certFile, place.tlsConfig.privKeyFile = certificate, key
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_TLS, place)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    own = pj.AccountConfig()
    own.idUri = f"sip:operator@{LOOPBACK}:{port};transport=tls"
    own.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
    own.mediaConfig.transportConfig.boundAddress = LOOPBACK
    operator = Operator()
    operator.create(own)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], 0)[0]:
        endpoint.libHandleEvents(10)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3])
    os._exit(0)  # what Python would still release is of PJSIP
