"""Work of the room that waits for a commit."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from duikou.access.models import Invitation
from duikou.access.services.invitation import invitation_token
from duikou.kernel import jobs
from duikou.kernel.clock import now


def invitation_queue(*, invitation_id: int) -> None:
    """Queue the mail of an invitation (listener of `access.invitation.sent`)."""
    jobs.enqueue(invitation_mail, invitation_id=invitation_id)


@task()
def invitation_mail(invitation_id: int) -> None:
    """Send the link of an invitation that is still open; sending twice does no harm."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open(now()):
        return
    link = settings.PUBLIC_URL + reverse("access:invitation-accept", args=[invitation_token(invitation)])
    language = invitation.invited_by.language if invitation.invited_by else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {"invitation": invitation, "link": link}
        subject = render_to_string("access/mail/invitation_subject.txt", context)
        body = render_to_string("access/mail/invitation_body.txt", context)
    send_mail(" ".join(subject.split()), body, None, [invitation.email])
