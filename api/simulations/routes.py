"""Simulations: what the recorded cases would have gone through under another ladder."""

from typing import ClassVar

from fastapi import APIRouter, Response

from access.decision import Action, must
from access.scope import Scope
from api.http.problems import SimulationRunning
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from api.simulations.schemas import SimulationBody
from application.simulation.result import SimulationResult
from application.simulation.runner import AlreadySimulating
from domain.messages import message


class UnkeyedRoute(CheckedRoute):
    """A route whose POST records nothing and therefore needs no Idempotency-Key."""

    KEYED: ClassVar[bool] = False


router = APIRouter(prefix="/v1/simulations", tags=["simulations"], route_class=UnkeyedRoute)


@router.post("", response_model=SimulationResult)
async def simulate(body: SimulationBody, caller: Caller, services: ServicesDependency) -> Response:
    """Run the recorded cases under another ladder and compare; nothing is recorded.

    The same request over the same log returns the same bytes. Imported cases are left out.
    """
    request = await services.simulations.request(
        body.selection(Scope.of(caller)), [body.candidate], body.base
    )
    must(caller, Action.SIMULATE)
    try:
        (result,) = await services.simulations.results(request)
    except AlreadySimulating:
        raise SimulationRunning(message("one simulation runs at a time; try again in a while")) from None
    return Response(result, media_type="application/json")
