"""What a monitoring system reads, in the text format of Prometheus; it has no password and learns no person."""

from __future__ import annotations

from litestar import Response, get

from hall.console.asked import Asked, services_of
from hall.libraries.measure import measured
from hall.metrics import CONTENT_TYPE


@get("/metrics")
async def metrics(request: Asked) -> Response[bytes]:
    services, counts = services_of(request), services_of(request).exchange.metrics
    for library in await measured(services.collection.settings, services.store, services.clock()):
        for shelf in library.shelves:
            place, lag_s = shelf.source.shelf, None if shelf.lag is None else shelf.lag.total_seconds()
            counts.collected(place.library, place.department, lag_s, shelf.state.entries, shelf.state.failures)
    counts.audit((await services.audit_proof.proof()).broken)
    return Response(counts.page(), media_type=CONTENT_TYPE)


ROUTES = [metrics]
