"""A public page of the gateway."""

from starlette.responses import PlainTextResponse
from starlette.routing import Route

from deskside.api import hookimpl
from greeter_code.imported import note

note(__name__)


@hookimpl
def deskside_routes(gateway):
    async def hello(request):
        return PlainTextResponse(f"Greetings, {request.query_params.get('name', 'you')}.")

    return (Route("/hello", hello),)
