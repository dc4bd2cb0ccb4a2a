"""Addresses of the room, under /access/."""

from __future__ import annotations

from django.urls import path

from duikou.access.views import account, admin_modes, contacts, organisations, people

app_name = "access"
urlpatterns = [
    path("account/", account.AccountPage.as_view(), name="account"),
    path("memberships/pick/", account.MembershipPick.as_view(), name="membership-pick"),
    path("memberships/<int:pk>/", people.MembershipChange.as_view(), name="membership"),
    path("memberships/<int:pk>/suspend/", people.MembershipSwitch.as_view(), name="membership-suspend"),
    path("memberships/<int:pk>/restore/", people.MembershipSwitch.as_view(is_active=True), name="membership-restore"),
    path("memberships/<int:pk>/second-factor/", people.SecondFactorReset.as_view(), name="second-factor-reset"),
    path("organisations/", organisations.Organisations.as_view(), name="organisations"),
    path("organisations/suggest/", organisations.OrganisationSuggest.as_view(), name="organisation-suggest"),
    path("organisations/new/", organisations.OrganisationNew.as_view(), name="organisation-new"),
    path("organisations/<int:pk>/", organisations.OrganisationPage.as_view(), name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.OrganisationEdit.as_view(), name="organisation-edit"),
    path("organisations/<int:pk>/verify/", organisations.OrganisationVerify.as_view(), name="organisation-verify"),
    path("organisations/<int:pk>/merge/", organisations.OrganisationMerge.as_view(), name="organisation-merge"),
    path("organisations/<int:pk>/people/", people.People.as_view(), name="people"),
    path("organisations/<int:pk>/contacts/", contacts.ContactAdd.as_view(), name="contact-add"),
    path(
        "organisations/<int:pk>/contacts/<int:contact>/remove/",
        contacts.ContactRemove.as_view(),
        name="contact-remove",
    ),
    path(
        "organisations/<int:pk>/contacts/<int:contact>/reveal/",
        contacts.ContactReveal.as_view(),
        name="contact-reveal",
    ),
    path("invitations/<int:pk>/confirm/", people.InvitationConfirm.as_view(), name="invitation-confirm"),
    path("invitations/<int:pk>/resend/", people.InvitationResend.as_view(), name="invitation-resend"),
    path("invitations/<int:pk>/revoke/", people.InvitationRevoke.as_view(), name="invitation-revoke"),
    path("invitations/accept/<str:token>/", people.InvitationAccept.as_view(), name="invitation-accept"),
    path("admin-modes/", admin_modes.AdminModes.as_view(), name="admin-modes"),
    path("admin-modes/end/", admin_modes.AdminModeEnd.as_view(), name="admin-mode-end"),
    path("admin-modes/<int:pk>/", admin_modes.AdminModePage.as_view(), name="admin-mode"),
]
