"""The panel: a Flask application of thin pages over the services."""

from deskside_admin.panel.app import create_panel, setup_address

__all__ = ["create_panel", "setup_address"]
