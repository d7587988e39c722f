"""A page of the panel."""

from flask import Blueprint, redirect, render_template, request, url_for

from deskside.api import PanelPages, hookimpl
from greeter_code.imported import note

note(__name__)

bp = Blueprint("greeter", __name__, template_folder="templates")
greetings = []


@hookimpl
def deskside_panel_pages(panel):
    @bp.get("/")
    def show():
        return render_template("greeter/page.html", greetings=greetings, reader=panel.reader())

    @bp.post("/")
    def add():
        greetings.append(request.form["greeting"])
        return redirect(url_for(".show"), 303)

    return PanelPages(title="greeter.page", blueprint=bp)
