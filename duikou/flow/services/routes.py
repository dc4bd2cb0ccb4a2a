"""The acts on a route: start, do a step, send back, withdraw. Each is one transaction, and happens once."""

from duikou.flow.services.route_act import step_act
from duikou.flow.services.route_back import run_withdraw, step_return
from duikou.flow.services.route_hold import AlreadyDone, Consent
from duikou.flow.services.route_start import run_start

__all__ = ["AlreadyDone", "Consent", "run_start", "run_withdraw", "step_act", "step_return"]
