"""How long a sound is, read from its packets: what a browser records says nothing of it at its head."""

import io


def sound_seconds(content: bytes) -> float | None:
    """The seconds from the first packet to the end of the last; None when it does not read."""
    import av  # noqa: PLC0415  heavy: only recordings need it

    try:
        with av.open(io.BytesIO(content), mode="r") as sound:
            ends = [
                float((packet.pts + (packet.duration or 0)) * packet.time_base)
                for packet in sound.demux(audio=0)
                if packet.pts is not None and packet.time_base is not None
            ]
    except (av.error.FFmpegError, IndexError, ValueError):
        return None
    return max(ends, default=None)
