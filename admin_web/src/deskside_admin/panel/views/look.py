"""The style that every page of Deskside shares, served from the core's own folder."""

import hashlib
import mimetypes
from importlib.resources import files

from flask import Blueprint, Response, abort, request

bp = Blueprint("look", __name__, url_prefix="/look")


@bp.get("/<name>")
def file(name: str) -> Response:
    """Serve one file of that folder, and nothing beside it."""
    found = {item.name: item for item in (files("deskside") / "look").iterdir() if item.is_file()}
    if name not in found:
        abort(404)
    content = found[name].read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(content, mimetype=kind)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
