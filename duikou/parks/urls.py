"""Addresses of this room."""

from django.urls import path

from duikou.parks.views import agreements, figures, lists, park, residents, splits

app_name = "parks"
urlpatterns = [
    path("", lists.ParkList.as_view(), name="list"),
    path("export/", lists.ParkExport.as_view(), name="export"),
    path("new/<int:project_id>/", park.ParkNew.as_view(), name="new"),
    path("<int:park_id>/", park.ParkPage.as_view(), name="park"),
    path("<int:park_id>/edit/", park.ParkEdit.as_view(), name="edit"),
    path("<int:park_id>/totals/", lists.TotalsExport.as_view(), name="totals"),
    path("<int:park_id>/agreements/new/", agreements.AgreementNew.as_view(), name="agreement-new"),
    path("agreements/<int:agreement_id>/", agreements.AgreementPage.as_view(), name="agreement"),
    path("agreements/<int:agreement_id>/edit/", agreements.AgreementEdit.as_view(), name="agreement-edit"),
    path("<int:park_id>/residents/", lists.ResidentList.as_view(), name="residents"),
    path("<int:park_id>/residents/export/", lists.ResidentExport.as_view(), name="residents-export"),
    path("<int:park_id>/residents/new/", residents.ResidentNew.as_view(), name="resident-new"),
    path("residents/<int:resident_id>/", residents.ResidentPage.as_view(), name="resident"),
    path("residents/<int:resident_id>/edit/", residents.ResidentEdit.as_view(), name="resident-edit"),
    *(
        path(f"residents/<int:resident_id>/{verb}/", residents.ResidentMove.as_view(), {"verb": verb}, name=verb)
        for verb in residents.VERBS
    ),
    path("residents/<int:resident_id>/figures/new/", figures.FigureNew.as_view(), name="figure-new"),
    path("figures/<int:figure_id>/edit/", figures.FigureEdit.as_view(), name="figure-edit"),
    path("figures/<int:figure_id>/drop/", figures.FigureDrop.as_view(), name="figure-drop"),
    path("<int:park_id>/figures/", lists.FigureList.as_view(), name="figures"),
    path("<int:park_id>/figures/export/", lists.FigureExport.as_view(), name="figures-export"),
    path("<int:park_id>/figures/form/", lists.FigureBlank.as_view(), name="figures-form"),
    path("<int:park_id>/review/", figures.Review.as_view(), name="review"),
    path("<int:park_id>/splits/new/", splits.SplitNew.as_view(), name="split-new"),
    path("splits/<int:split_id>/", splits.SplitPage.as_view(), name="split"),
    path("splits/<int:split_id>/correct/", splits.SplitCorrect.as_view(), name="split-correct"),
    path("splits/<int:split_id>/return/", splits.SplitReturn.as_view(), name="split-return"),
    *(
        path(f"splits/<int:split_id>/{verb}/", splits.SplitStep.as_view(), {"verb": verb}, name=f"split-{verb}")
        for verb in splits.PLAIN
    ),
]
