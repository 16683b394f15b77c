from acquis.desk.shell import refuse_if_sealed
from acquis.desk.video.models import VideoInvitation


def locked(invitation: VideoInvitation) -> VideoInvitation:
    """The invitation, locked with its desk known. Raises WorkspaceSealed."""
    row = (
        VideoInvitation.objects.select_for_update(of=("self",))
        .select_related("workspace", "customer", "call", "source")
        .get(pk=invitation.pk)
    )
    refuse_if_sealed(row.workspace)
    return row
