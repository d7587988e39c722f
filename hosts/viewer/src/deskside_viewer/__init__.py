"""Deskside viewer: the agent's console and session page, and the viewer side of sessions"""
