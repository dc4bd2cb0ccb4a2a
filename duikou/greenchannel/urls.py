"""Addresses of this room."""

from django.urls import path

from duikou.greenchannel.states import VERBS
from duikou.greenchannel.views import figures, lists, request, rules

app_name = "greenchannel"
urlpatterns = [
    path("", lists.RequestList.as_view(), name="list"),
    path("export/", lists.RequestExport.as_view(), name="export"),
    path("statistics/", figures.FiguresPage.as_view(), name="figures"),
    path("statistics/export/", figures.FiguresExport.as_view(), name="figures-export"),
    path("rules/", rules.Rules.as_view(), name="rules"),
    path("rules/new/", rules.RuleNew.as_view(), name="rule-new"),
    path("rules/parameters/", rules.Parameters.as_view(), name="parameters"),
    path("rules/<int:rule_id>/", rules.RuleEdit.as_view(), name="rule"),
    path("rules/<int:rule_id>/end/", rules.RuleEnd.as_view(), name="rule-end"),
    path("new/", request.RaiseChoose.as_view(), name="choose"),
    path("new/<int:project_id>/", request.Raise.as_view(), name="raise"),
    path("<int:request_id>/", request.RequestPage.as_view(), name="request"),
    path("<int:request_id>/contact/", request.ContactReveal.as_view(), name="contact"),
    *(path(f"<int:request_id>/{verb}/", request.RequestAct.as_view(), {"verb": verb}, name=verb) for verb in VERBS),
]
