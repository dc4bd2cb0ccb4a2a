"""One measure: its page, what is told of it, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Forbidden, NotFound
from duikou.programme.models import Region
from duikou.programme.selectors import clauses_of, topics_of
from duikou.reforms import policies, selectors
from duikou.reforms.forms import (
    ContactForm,
    MeasureForm,
    PublishForm,
    ReasonForm,
    SupersedeForm,
    TalkForm,
    contact_initial,
    measure_initial,
)
from duikou.reforms.models import MeasureContact, ReformMeasure
from duikou.reforms.selectors import lists
from duikou.reforms.selectors.places import Places, places_of
from duikou.reforms.services import measures
from duikou.reforms.services.contacts import contact_reveal, contact_set
from duikou.reforms.services.waiting import address
from duikou.reforms.states import FIRST_VERBS, VERBS, TalkKind
from duikou.reforms.views.frame import FormPage, ReformPage, whole


def measure_context(
    page: ReformPage, measure: ReformMeasure, *, revealed: MeasureContact | None = None, **more: Any
) -> dict[str, Any]:
    """Everything that the page of a measure shows, in a constant number of queries."""
    actor = page.actor
    places = places_of(measure.programme)
    known = lists.adoptions_of(actor=actor, measure=measure)
    mine = [region for region in places.across(measure.side) if policies.learn_for(actor, region)]
    return {
        "measure": measure,
        "clauses": measure.clauses.order_by("order"),
        "contact": revealed or MeasureContact.objects.filter(measure=measure).first(),
        "revealed": revealed is not None,
        "may_reveal": policies.contact(actor, measure),
        "edit": policies.edit(actor, measure),
        **{verb: policies.move(actor, measure, verb) for verb in ("publish", "withdraw", "supersede")},
        "regions": [
            _line(page, measure, region, known, is_mine=region in mine)
            for region in places.across(measure.side)
            if region.pk in known or region in mine
        ],
        "silent": sum(region.pk not in known for region in places.across(measure.side)),
        "threads": lists.threads_of(actor=actor, measure=measure),
        "ask": policies.talk(actor, measure, TalkKind.QUESTION),
        "comment": policies.talk(actor, measure, TalkKind.COMMENT),
        "talk_form": TalkForm(),
        "former": list(measure.former.filter(pk__in=selectors.measures_visible(actor=actor).values("pk"))),
        "is_member": actor.role == "member",
        **more,
    }


def _line(
    page: ReformPage, measure: ReformMeasure, region: Region, known: dict[int, Any], *, is_mine: bool
) -> dict[str, Any]:
    """A region, where it stands, and the steps its office may take."""
    row = known.get(region.pk)
    steps = []
    if is_mine:
        state = row.state if row else ""
        judged = [
            (verb, policies.adopt(page.actor, measure, region, state=state, is_other_side=True, verb=verb))
            for verb in (VERBS if row else FIRST_VERBS)
        ]
        steps = [(verb, step_label(verb)) for verb, verdict in judged if verdict]
    return {"region": region, "row": row, "steps": steps}


def step_label(verb: str) -> str:
    """What a button says."""
    return {
        "follow": _("关注"),
        "adapt": _("本地化"),
        "adopt": _("登记推广"),
        "decline": _("不采用"),
        "end": _("停止执行"),
        "correct": _("撤销登记"),
    }[verb]


class MeasurePage(ReformPage):
    """What the practice is, who made what of it, what is asked."""

    def get(self, request: HttpRequest, measure_id: int) -> HttpResponse:
        """The whole in a constant number of queries."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        return self.render("reforms/measure.html", measure_context(self, measure))


class MeasureNew(FormPage):
    """Tell of a practice."""

    needs = "reforms.measure.write"

    def form(self, data: Any = None, *, places: Places, regions: tuple[Region, ...], **given: Any) -> MeasureForm:
        """The form with what may be chosen (four queries)."""
        bodies = lists.bodies_of(actor=self.actor, region=min(regions, key=lambda one: len(one.path)))
        return MeasureForm(
            data,
            programme=places.programme,
            regions=regions,
            topics=topics_of(places.programme),
            clauses=clauses_of(places.programme),
            bodies=bodies,
            **given,
        )

    def mine(self) -> tuple[Region, ...]:
        """The places for which this office tells; refuses an office without one."""
        regions = self.places.acted_for(self.actor)
        if not regions:
            raise Forbidden(_("您负责的地区不在这个方案的对口关系中。"))
        return regions

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self.show(self.form(places=self.places, regions=self.mine()), _("登记改革经验"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it as a draft."""
        form = self.form(request.POST, places=self.places, regions=self.mine())
        return self.done(
            form,
            _("登记改革经验"),
            lambda: address(measures.measure_create(actor=self.actor, draft=form.draft())),
        )


class MeasureEdit(MeasureNew):
    """Change what is told."""

    def _measure(self, measure_id: int) -> ReformMeasure:
        found = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        policies.edit(self.actor, found).or_raise()
        return found

    def get(self, request: HttpRequest, measure_id: int) -> HttpResponse:  # type: ignore[override]
        """As it is."""
        measure = self._measure(measure_id)
        form = self.form(
            places=places_of(measure.programme), regions=(measure.origin,), initial=measure_initial(measure)
        )
        return self.show(form, _("修改改革经验"), measure=measure, revision=measure.revision)

    def post(self, request: HttpRequest, measure_id: int) -> HttpResponse:  # type: ignore[override]
        """Save it."""
        measure, seen = self._measure(measure_id), whole(request.POST.get("revision"))
        form = self.form(request.POST, places=places_of(measure.programme), regions=(measure.origin,))
        return self.done(
            form,
            _("修改改革经验"),
            lambda: address(
                measures.measure_update(actor=self.actor, measure_id=measure_id, revision=seen, draft=form.draft())
            ),
            measure=measure,
            revision=seen,
            present=lambda: measure_initial(self._measure(measure_id)),
        )


class MeasureMove(FormPage):
    """Publish, withdraw or supersede."""

    needs = "reforms.measure.write"

    def _title(self, verb: str) -> str:
        return {"publish": _("发布"), "withdraw": _("撤回"), "supersede": _("由另一项经验取代")}[verb]

    def _measure(self, measure_id: int, verb: str) -> ReformMeasure:
        found = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        policies.move(self.actor, found, verb).or_raise()
        return found

    def _form(self, measure: ReformMeasure, verb: str, data: Any = None) -> Any:
        if verb == "publish":
            return PublishForm(data, initial={"published_on": measure.published_on or today()})
        if verb == "withdraw":
            return ReasonForm(data)
        return SupersedeForm(data, successors=lists.successors_of(measure=measure))

    def get(self, request: HttpRequest, measure_id: int, verb: str) -> HttpResponse:
        """Ask for what goes with it."""
        measure = self._measure(measure_id, verb)
        return self.show(self._form(measure, verb), self._title(verb), measure=measure)

    def post(self, request: HttpRequest, measure_id: int, verb: str) -> HttpResponse:
        """Do it."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        policies.write(self.actor, measure.origin).or_raise()
        form = self._form(measure, verb, request.POST)
        given: dict[str, Callable[[], ReformMeasure]] = {
            "publish": lambda: measures.measure_publish(
                actor=self.actor, measure_id=measure_id, published_on=form.cleaned_data["published_on"]
            ),
            "withdraw": lambda: measures.measure_withdraw(
                actor=self.actor, measure_id=measure_id, reason=form.cleaned_data["reason"]
            ),
            "supersede": lambda: measures.measure_supersede(
                actor=self.actor,
                measure_id=measure_id,
                successor_id=int(form.cleaned_data["successor"]),
                reason=form.cleaned_data["reason"],
            ),
        }

        def do() -> str:
            done = given[verb]()
            messages.success(request, _("已保存。"))
            return address(done)

        return self.done(form, self._title(verb), do, measure=measure)


class Contact(FormPage):
    """Whom the other side may call."""

    needs = "reforms.measure.write"

    def _measure(self, measure_id: int) -> ReformMeasure:
        found = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        policies.edit(self.actor, found).or_raise()
        return found

    def get(self, request: HttpRequest, measure_id: int) -> HttpResponse:
        """The form; particulars are typed anew."""
        measure = self._measure(measure_id)
        form = ContactForm(initial=contact_initial(MeasureContact.objects.filter(measure=measure).first()))
        return self.show(
            form,
            _("联系人"),
            measure=measure,
            hint=_("姓名、电话和邮箱加密保存，查看会留下记录。全部留空即删除联系人。"),
        )

    def post(self, request: HttpRequest, measure_id: int) -> HttpResponse:
        """Keep it."""
        measure = self._measure(measure_id)
        form = ContactForm(request.POST)

        def do() -> str:
            contact_set(actor=self.actor, measure_id=measure_id, draft=form.draft())
            return address(measure)

        return self.done(form, _("联系人"), do, measure=measure)


class ContactReveal(ReformPage):
    """The contact in full: a POST, so that no link, cache or history does it unseen."""

    needs = "reforms.contact.reveal"

    def post(self, request: HttpRequest, measure_id: int) -> HttpResponse:
        """The page with the contact in full; not stored by browsers."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        shown = contact_reveal(actor=self.actor, measure_id=measure_id)
        page = self.render("reforms/measure.html", measure_context(self, measure, revealed=shown))
        page["Cache-Control"] = "no-store"
        return page


def region_of(adcode: str, places: Places) -> Region:
    """A place of the programme by its code; raises `NotFound`."""
    found = next((region for region in places.all if region.adcode == adcode), None)
    if found is None:
        raise NotFound
    return found


def measure_url(measure_id: int) -> str:
    """The page of a measure."""
    return reverse("reforms:measure", args=[measure_id])
