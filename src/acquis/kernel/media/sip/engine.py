"""PJSIP, as the gateway needs it: one trunk, its registration, its calls.

Words come in by `do` and go out by `tell`; sound comes in by `hear` and goes out by `said`. Everything
happens on the thread that calls `poll`, except the two functions of `Ear`, which the clock of PJSIP calls.
"""

import contextlib
import logging
import secrets
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from acquis.kernel.media.sip.link import Sound
from acquis.kernel.media.sip.sound import Hearing, Speaking
from acquis.kernel.media.sip.trunk import MOST_CALLS, Trunk, invite_of, pause

logger = logging.getLogger(__name__)
Words = dict[str, Any]
FRAME_USEC = 20_000
OUR_NAME = "Acquis"
SESSION = 180  # seconds after which a call whose other side is gone ends (RFC 4028)
FORBIDDEN, NOT_FOUND, BUSY_HERE, DECLINE, UNAVAILABLE = 403, 404, 486, 603, 503
OK, TRYING, RINGING, PROGRESS = 200, 100, 180, 183
_CODECS = {"PCMA": "PCMA/8000/1", "PCMU": "PCMU/8000/1", "G722": "G722/16000/1"}


class Ear(pj.AudioMediaPort):  # type: ignore[misc]  # it has no types
    """Where the sound of one call passes.

    It is used again by other calls and never taken apart: the clock of PJSIP may be in it.
    """

    def __init__(self, rate: int, said: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self.leg = ""
        self.hearing = Hearing(rate)
        self._speaking = Speaking(rate)
        self._rate = rate
        self._said = said
        shape = pj.MediaFormatAudio()
        shape.type = pj.PJMEDIA_TYPE_AUDIO
        shape.clockRate, shape.channelCount, shape.bitsPerSample = rate, 1, 16
        shape.frameTimeUsec = FRAME_USEC
        self.createPort("acquis", shape)

    def take(self, leg: str) -> None:
        self.hearing, self._speaking = Hearing(self._rate), Speaking(self._rate)
        self.leg = leg

    def onFrameRequested(self, frame: Any) -> None:  # noqa: N802  the name PJSIP calls
        try:
            content = self.hearing.frame()
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.buf = pj.ByteVector(content)
            frame.size = len(content)
        except Exception:  # raised into PJSIP, it would end the process
            logger.exception("sip: a frame was not given")

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802
        try:
            content = bytes(frame.buf)
            if self.leg and content:
                for packet in self._speaking.packets(content):
                    self._said(self.leg, packet)
        except Exception:
            logger.exception("sip: a frame was not taken")


class Call(pj.Call):  # type: ignore[misc]  # it has no types
    """One call of the trunk; `leg` is its name in a room, once it has one."""

    def __init__(self, engine: "Engine", account: pj.Account, number: int, key: str) -> None:
        super().__init__(account, number)
        self.key = key
        self.leg = ""
        self.ear: Ear | None = None
        self._engine = engine
        self._heard_early = False

    def onCallState(self, prm: Any) -> None:  # noqa: N802, ARG002
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self._engine.tell({"what": "ringing", "leg": self.leg})
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._engine.tell({"what": "answered", "leg": self.leg})
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._engine.ended(self, info.lastStatusCode, info.lastReason)

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802, ARG002
        info = self.getInfo()
        for one in info.media:
            if one.type != pj.PJMEDIA_TYPE_AUDIO or one.status != pj.PJSUA_CALL_MEDIA_ACTIVE:
                continue
            if self.ear is None:
                self.ear = self._engine.an_ear(self.leg)
            sound = self.getAudioMedia(one.index)
            sound.startTransmit(self.ear)
            self.ear.startTransmit(sound)
            early = info.state in {pj.PJSIP_INV_STATE_CALLING, pj.PJSIP_INV_STATE_EARLY}
            if early and not self._heard_early and info.role == pj.PJSIP_ROLE_UAC:
                self._heard_early = True
                self._engine.tell({"what": "early", "leg": self.leg})
            return

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        self._engine.tell({"what": "keys", "leg": self.leg, "keys": prm.digit})


class Account(pj.Account):  # type: ignore[misc]  # it has no types
    def __init__(self, engine: "Engine") -> None:
        super().__init__()
        self._engine = engine

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        self._engine.rung(prm.callId, prm.rdata)

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        self._engine.registration(prm.code, prm.reason, prm.expiration)


class Engine:
    def __init__(
        self, trunk: Trunk, *, tell: Callable[[Words], None], said: Callable[[str, bytes], None]
    ) -> None:
        self.trunk = trunk
        self.tell = tell
        self._said = said
        self._rate = 16_000 if "G722" in trunk.codecs else 8_000
        self._endpoint = pj.Endpoint()
        self._account = Account(self)
        self._calls: dict[str, Call] = {}  # by key
        self._gone: list[Call] = []  # to be forgotten outside of PJSIP
        self._free: list[Ear] = []
        self._failures = 0
        self._again_at: float | None = None
        self._up: bool | None = None
        self._status = 0  # what the operator answered last
        self._allowed = frozenset(trunk.peers)

    # Life.

    def start(self) -> None:
        """Raises pj.Error when an address or a port cannot be had."""
        self._endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = MOST_CALLS
        config.uaConfig.userAgent = OUR_NAME
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.medConfig.clockRate = config.medConfig.sndClockRate = self._rate
        config.medConfig.channelCount = 1
        config.medConfig.audioFramePtime = FRAME_USEC // 1000
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        self._endpoint.libInit(config)
        kind = getattr(pj, f"PJSIP_TRANSPORT_{self.trunk.transport.upper()}")
        place = self._place(self.trunk.bind_port)
        if self.trunk.transport == "tls":
            place.tlsConfig = self._trust()
        self._endpoint.transportCreate(kind, place)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        self._choose_codecs()
        self._account.create(self._identity())
        if self.trunk.user:
            self._register()
        else:
            self._set_up(up=True, status=0, reason="")

    def stop(self) -> None:
        """End every call, and the registration; what was begun is waited for, a second at most."""
        self._hang_up_all()
        end = time.monotonic() + 1
        while self._calls and time.monotonic() < end:
            self.poll(0.02)
        with contextlib.suppress(pj.Error):
            if self._up and self.trunk.user:
                self._account.setRegistration(False)
                self.poll(0.2)
        with contextlib.suppress(pj.Error):
            self._account.shutdown()
        self._leave_all()
        self._forget()
        self._endpoint.libDestroy()

    def _hang_up_all(self) -> None:
        """A function of its own: no name may hold a call once PJSIP is taken apart."""
        for call in [*self._calls.values()]:
            self._hang_up(call)

    def _leave_all(self) -> None:
        for call in [*self._calls.values()]:
            self.ended(call, 0, "")
        self._free.clear()

    def poll(self, seconds: float = 0) -> None:
        """Let PJSIP do what is due."""
        self._endpoint.libHandleEvents(round(seconds * 1000))
        self._forget()
        if self._again_at is not None and time.monotonic() >= self._again_at:
            self._again_at = None
            self._register()

    def _place(self, port: int) -> Any:
        place = pj.TransportConfig()
        place.port = port
        place.boundAddress = self.trunk.bind_address
        place.publicAddress = self.trunk.public_address
        return place

    def _trust(self) -> Any:
        """Who the operator must prove to be: whoever stood between would read the keys of sound."""
        trust = pj.TlsConfig()
        trust.verifyServer = True
        trust.CaListFile = self.trunk.tls_ca or ssl.get_default_verify_paths().cafile or ""
        trust.certFile, trust.privKeyFile = self.trunk.tls_certificate, self.trunk.tls_key
        return trust

    def _choose_codecs(self) -> None:
        for codec in self._endpoint.codecEnum2():
            self._endpoint.codecSetPriority(codec.codecId, 0)
        for rank, name in enumerate(self.trunk.codecs):
            self._endpoint.codecSetPriority(_CODECS[name], 250 - rank)

    def _identity(self) -> Any:
        trunk = self.trunk
        own = pj.AccountConfig()
        own.idUri = self._uri(trunk.user or trunk.numbers[0])
        own.regConfig.registerOnAdd = False
        own.regConfig.retryIntervalSec = 0  # `registration` says when
        if trunk.user:
            own.regConfig.registrarUri = self._uri("")
            own.regConfig.timeoutSec = trunk.expires
            secret = pj.AuthCredInfo("digest", "*", trunk.user, 0, trunk.password)
            own.sipConfig.authCreds.append(secret)
        own.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
        own.callConfig.timerSessExpiresSec = SESSION
        own.mediaConfig.transportConfig = self._place(trunk.rtp_port)
        own.mediaConfig.transportConfig.portRange = trunk.rtp_ports
        own.mediaConfig.srtpUse = (
            pj.PJMEDIA_SRTP_MANDATORY if trunk.srtp else pj.PJMEDIA_SRTP_DISABLED
        )
        own.natConfig.sdpNatRewriteUse = 0
        return own

    def _uri(self, user: str) -> str:
        trunk = self.trunk
        place = f"{user}@{trunk.host}" if user else trunk.host
        transport = "" if trunk.transport == "udp" else f";transport={trunk.transport}"
        return f"sip:{place}:{trunk.port}{transport}"

    # Registration.

    def _register(self) -> None:
        try:
            self._account.setRegistration(True)
        except pj.Error as fault:
            self.registration(UNAVAILABLE, fault.reason, 0)

    def registration(self, status: int, reason: str, expires: int) -> None:
        """What the operator answered to the last attempt."""
        if status == OK and expires > 0:
            self._failures = 0
            self._set_up(up=True, status=status, reason=reason)
        elif status != OK:
            self._failures += 1
            self._again_at = time.monotonic() + pause(self._failures)
            self._set_up(up=False, status=status, reason=reason)

    def _set_up(self, *, up: bool, status: int, reason: str) -> None:
        if (self._up, self._status) != (up, status):
            self._up, self._status = up, status
            self.tell({"what": "trunk", "up": up, "status": status, "reason": reason})

    # Calls.

    def rung(self, number: int, request: Any) -> None:
        """Somebody calls: refuse whoever is not the operator and what is not for us, tell the rest."""
        key = secrets.token_hex(16)
        call = Call(self, self._account, number, key)
        self._calls[key] = call
        invite = invite_of(request.wholeMsg, self.trunk.numbers)
        if not self._is_operator(request.srcAddress):
            self._answer(call, FORBIDDEN)
        elif not invite.called:
            self._answer(call, NOT_FOUND)
        else:
            told = {"call": key, "called": invite.called, "number": invite.number}
            self.tell({"what": "incoming", "name": invite.name, **told})

    def _is_operator(self, source: str) -> bool:
        address = source.rpartition(":")[0].strip("[]")
        if address not in self._allowed:
            with contextlib.suppress(OSError):  # a name may have got another address
                found = {one[4][0] for one in socket.getaddrinfo(self.trunk.host, None)}
                self._allowed = frozenset(self.trunk.peers) | {str(one) for one in found}
        return address in self._allowed

    def do(self, asked: Words) -> None:
        """Do what the media worker asks; what is over already is left alone."""
        what = asked["what"]
        if what == "dial":
            self._dial(asked["leg"], asked["number"], asked["own"])
            return
        call = self._calls.get(asked.get("call", "")) or self._of_leg(asked.get("leg", ""))
        if call is None:
            if what in {"ring", "answer"}:
                self.tell({"what": "ended", "leg": asked["leg"], "status": 0, "reason": ""})
        elif what == "ring":
            call.leg = asked["leg"]
            self._answer(call, RINGING)
        elif what == "answer":
            self._answer(call, OK)
        elif what == "refuse":
            self._answer(call, asked["status"])
        elif what == "hang_up":
            self._hang_up(call)
        elif what == "keys":
            with contextlib.suppress(pj.Error):
                call.dialDtmf(asked["keys"])

    def hear(self, one: Sound) -> None:
        call = self._of_leg(one.leg)
        if call is not None and call.ear is not None:
            call.ear.hearing.push(one.place, one.data)

    def _dial(self, leg: str, number: str, own: str) -> None:
        if self._of_leg(leg) is not None:
            return
        if self._up is False or len(self._calls) >= MOST_CALLS:
            self.tell({"what": "ended", "leg": leg, "status": UNAVAILABLE, "reason": ""})
            return
        call = Call(self, self._account, pj.PJSUA_INVALID_ID, leg)
        call.leg = leg
        self._calls[leg] = call
        option = pj.CallOpParam(True)
        if own:
            option.txOption.localUri = self._uri(own)
            header = pj.SipHeader()
            header.hName, header.hValue = "P-Preferred-Identity", f"<{self._uri(own)}>"
            option.txOption.headers.append(header)
        try:
            call.makeCall(self._uri(number), option)
        except pj.Error as fault:
            self.ended(call, UNAVAILABLE, fault.reason)

    def _of_leg(self, leg: str) -> Call | None:
        return next((one for one in self._calls.values() if leg and one.leg == leg), None)

    def _answer(self, call: Call, status: int) -> None:
        option = pj.CallOpParam(True)
        option.statusCode = status
        try:
            call.answer(option)
        except pj.Error as fault:  # it ended meanwhile
            self.ended(call, 0, fault.reason)

    def _hang_up(self, call: Call) -> None:
        option = pj.CallOpParam(True)
        info = call.getInfo()
        if info.role == pj.PJSIP_ROLE_UAS and info.state < pj.PJSIP_INV_STATE_CONNECTING:
            option.statusCode = 480
        try:
            call.hangup(option)
        except pj.Error as fault:
            self.ended(call, 0, fault.reason)

    def an_ear(self, leg: str) -> Ear:
        ear = self._free.pop() if self._free else Ear(self._rate, self._said)
        ear.take(leg)
        return ear

    def ended(self, call: Call, status: int, reason: str) -> None:
        """A call is over, whoever ended it. Told once."""
        if self._calls.pop(call.key, None) is None:
            return
        if call.ear is not None:
            call.ear.leg = ""
            self._free.append(call.ear)
            call.ear = None
        self._gone.append(call)
        if call.leg:
            self.tell({"what": "ended", "leg": call.leg, "status": status, "reason": reason})
        else:
            self.tell({"what": "given_up", "call": call.key})

    def _forget(self) -> None:
        self._gone.clear()
