"""Addresses of this room."""

from django.urls import path

from duikou.reforms.states import VERBS
from duikou.reforms.views import adoption, counts, lists, measure, spread, talks

app_name = "reforms"
urlpatterns = [
    path("", lists.MeasureList.as_view(), name="list"),
    path("export/", lists.MeasureExport.as_view(), name="export"),
    path("new/", measure.MeasureNew.as_view(), name="measure-new"),
    path("adoptions/", lists.AdoptionList.as_view(), name="adoptions"),
    path("adoptions/export/", lists.AdoptionExport.as_view(), name="adoptions-export"),
    path("adoptions/<int:adoption_id>/", adoption.AdoptionPage.as_view(), name="adoption"),
    path("adoptions/<int:adoption_id>/effects/", adoption.EffectNew.as_view(), name="effect-new"),
    path(
        "adoptions/<int:adoption_id>/effects/<int:report_id>/", adoption.EffectCorrect.as_view(), name="effect-correct"
    ),
    path("spread/", spread.SpreadPage.as_view(), name="spread"),
    path("spread/export/", spread.SpreadExport.as_view(), name="spread-export"),
    path("matrix/", spread.MatrixPage.as_view(), name="matrix"),
    path("matrix/export/", spread.MatrixExport.as_view(), name="matrix-export"),
    path("counts/", counts.CountPage.as_view(), name="counts"),
    path("counts/export/", counts.CountExport.as_view(), name="counts-export"),
    path("counts/new/", counts.CountNew.as_view(), name="count-new"),
    path("counts/<int:statement_id>/", counts.Count.as_view(), name="count"),
    path("counts/<int:statement_id>/withdraw/", counts.CountWithdraw.as_view(), name="count-withdraw"),
    path("counts/reported/<int:statistic_id>/", counts.Reported.as_view(), name="reported"),
    path("talks/<int:talk_id>/", talks.TalkReply.as_view(), name="talk-reply"),
    path("<int:measure_id>/", measure.MeasurePage.as_view(), name="measure"),
    path("<int:measure_id>/edit/", measure.MeasureEdit.as_view(), name="measure-edit"),
    *(
        path(f"<int:measure_id>/{verb}/", measure.MeasureMove.as_view(), {"verb": verb}, name=f"measure-{verb}")
        for verb in ("publish", "withdraw", "supersede")
    ),
    path("<int:measure_id>/contact/", measure.Contact.as_view(), name="contact"),
    path("<int:measure_id>/contact/reveal/", measure.ContactReveal.as_view(), name="contact-reveal"),
    path("<int:measure_id>/talks/", talks.TalkAdd.as_view(), name="talk-add"),
    *(
        path(
            f"<int:measure_id>/regions/<str:adcode>/{verb}/",
            adoption.Step.as_view(),
            {"verb": verb},
            name=f"step-{verb}",
        )
        for verb in VERBS
    ),
]
