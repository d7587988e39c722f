"""Deskside's gateway: one ASGI application on one port, with the panel mounted under /admin."""
