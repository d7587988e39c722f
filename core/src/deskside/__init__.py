"""Deskside's session core. Plugins import `deskside.api`, their tests also `deskside.testing`."""
