"""The gateway's "no": a text key with values, the same in process, on sockets and in HTTP answers."""

from collections.abc import Mapping
from http import HTTPStatus

from deskside.errors import DesksideError
from deskside_admin.service.outcome import Refused as ServiceRefused

STATUS = {
    "refused.code.unknown": HTTPStatus.NOT_FOUND,
    "refused.code.wait": HTTPStatus.TOO_MANY_REQUESTS,
    "refused.database": HTTPStatus.SERVICE_UNAVAILABLE,
    "refused.fault": HTTPStatus.INTERNAL_SERVER_ERROR,
    "refused.request": HTTPStatus.BAD_REQUEST,
    "refused.request.large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "refused.request.slow": HTTPStatus.REQUEST_TIMEOUT,
    "refused.viewer.gone": HTTPStatus.SERVICE_UNAVAILABLE,
    "refused.viewer.silent": HTTPStatus.GATEWAY_TIMEOUT,
}


class Refused(DesksideError):
    """Raised when a request is answered with no; `reason` is a text key."""

    def __init__(self, reason: str, **values: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values: Mapping[str, str | int] = values

    @classmethod
    def of(cls, refused: ServiceRefused) -> "Refused":
        """Return the first reason of a service's refusal."""
        problem = refused.problems[0]
        values = {key: one if isinstance(one, int) else str(one) for key, one in problem.values.items()}
        return cls(problem.reason, **values)

    @property
    def status(self) -> HTTPStatus:
        """Return the HTTP status that says the same."""
        return STATUS.get(self.reason, HTTPStatus.CONFLICT)

    def as_json(self) -> dict[str, object]:
        """Return reason and values for an answer."""
        return {"reason": self.reason, "values": dict(self.values)}
