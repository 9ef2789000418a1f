"""What a monitoring system reads, in the text format of Prometheus; it has no password and learns no person."""

from __future__ import annotations

from litestar import Response, get

from hall.console.asked import Asked, services_of
from hall.metrics import CONTENT_TYPE


@get("/metrics", sync_to_thread=False)
def metrics(request: Asked) -> Response[bytes]:
    return Response(services_of(request).exchange.metrics.page(), media_type=CONTENT_TYPE)


ROUTES = [metrics]
